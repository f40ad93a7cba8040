import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { createPool } from '../../src/db/pool.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { TEMPLATE_DATABASE, urlOf } from './database-names.ts';

export interface TestDatabase {
  readonly pool: DbPool;
  readonly url: Secret;
}

/** A migrated, empty database, for as long as it is wanted. */
export async function makeDatabase(): Promise<TestDatabase & { readonly drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${TEMPLATE_DATABASE}`);
  const url = new Secret(urlOf(inject('postgresUrl'), name));
  const pool = createPool(url, 10, createLogger('warn'));
  const drop = async () => {
    await pool.end();
    await administer(`drop database if exists ${name} with (force)`);
  };
  return { pool, url, drop };
}

/** A migrated, empty database of this test file's own; it goes when the file is done. Read it inside tests and hooks. */
export function useDatabase(): TestDatabase {
  let made: Awaited<ReturnType<typeof makeDatabase>> | undefined;
  beforeAll(async () => {
    made = await makeDatabase();
  });
  afterAll(() => made?.drop());
  const open = () => {
    if (!made) throw new Error('the database exists only while tests run');
    return made;
  };
  return {
    get pool() {
      return open().pool;
    },
    get url() {
      return open().url;
    },
  };
}

/** Making a copy needs the template to itself, so files that start together try again. */
async function administer(statement: string, attemptsLeft = 50): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } catch (error) {
    const busy = error instanceof pg.DatabaseError && error.code === '55006';
    if (!busy || attemptsLeft === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
    await administer(statement, attemptsLeft - 1);
  } finally {
    await client.end();
  }
}
