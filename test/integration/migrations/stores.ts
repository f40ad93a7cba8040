import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { createPool } from '../../../src/db/pool.ts';
import type { DbPool } from '../../../src/db/sql.ts';
import { urlOf } from '../../support/database-names.ts';
import { type DebianPostgres, oldestDebianPostgres, startThrowAwayPostgres } from '../../support/debian-postgres.ts';
import { migrateTimescale, openBareTimescale } from '../../support/timescale.ts';

/** An empty database of one of the kinds that the migrations must apply to. */
export interface EmptyStore {
  readonly query: (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;
  readonly migrate: (timeZone: string) => Promise<string[]>;
  readonly close: () => Promise<void>;
}

export interface StoreKind {
  readonly kind: string;
  readonly open: () => Promise<EmptyStore>;
}

/** Both ends of the PostgreSQL versions that are supported, and TimescaleDB. */
export const STORE_KINDS: readonly StoreKind[] = [
  { kind: 'PostgreSQL 18', open: openOnTestServer },
  ...oldestPostgres(),
  { kind: 'TimescaleDB', open: openTimescaleStore },
];

/** An empty database on the test server, with a pool of its own. */
export async function openEmptyDatabase(): Promise<{ pool: DbPool; close: () => Promise<void> }> {
  const server = inject('postgresUrl');
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const pool = createPool(new Secret(urlOf(server, name)), 4, createLogger('warn'));
  const close = async () => {
    await pool.end();
    await administer(server, `drop database ${name} with (force)`);
  };
  return { pool, close };
}

async function openOnTestServer(): Promise<EmptyStore> {
  const { pool, close } = await openEmptyDatabase();
  return { ...storeOn(pool), close };
}

/** Left out, and said so, where there is no such package; a run that claims to be complete must have one. */
function oldestPostgres(): StoreKind[] {
  const found = oldestDebianPostgres();
  if (found) return [{ kind: `PostgreSQL ${found.major}`, open: () => openOnDebian(found) }];
  const notice = 'there is no PostgreSQL from 15 on among the Debian packages: apt-get install postgresql';
  if (process.env['CI']) throw new Error(notice);
  console.warn(`Left out: the schema on an older PostgreSQL; ${notice}`);
  return [];
}

async function openOnDebian(found: DebianPostgres): Promise<EmptyStore> {
  const server = await startThrowAwayPostgres(found);
  const pool = createPool(new Secret(server.url), 4, createLogger('warn'));
  const close = async () => {
    await pool.end();
    server.stop();
  };
  return { ...storeOn(pool), close };
}

async function openTimescaleStore(): Promise<EmptyStore> {
  const timescale = await openBareTimescale();
  return { ...timescale, migrate: (timeZone) => migrateTimescale(timescale, timeZone) };
}

function storeOn(pool: DbPool): Omit<EmptyStore, 'close'> {
  return {
    query: (text, values) => pool.query<Record<string, unknown>>(text, values),
    migrate: (timeZone) => migrate(pool, timeZone),
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}
