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

/** A migrated, empty database of this test file's own; it goes when the file is done. Read it inside tests and hooks. */
export function useDatabase(): TestDatabase {
  const name = `test_${randomBytes(6).toString('hex')}`;
  let pool: DbPool | undefined;
  let url: Secret | undefined;

  beforeAll(async () => {
    await administer(`create database ${name} template ${TEMPLATE_DATABASE}`);
    url = new Secret(urlOf(inject('postgresUrl'), name));
    pool = createPool(url, 10, createLogger('warn'));
  });
  afterAll(async () => {
    await pool?.end();
    await administer(`drop database if exists ${name} with (force)`);
  });

  return {
    get pool() {
      if (!pool) throw new Error('the database exists only while tests run');
      return pool;
    },
    get url() {
      if (!url) throw new Error('the database exists only while tests run');
      return url;
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
