import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { startEmbeddedPostgres } from '../../src/main/embedded/postgres.ts';
import { TEMPLATE_DATABASE, TEST_TIME_ZONE, urlOf } from './database-names.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the test server, with the rights to make databases. */
    readonly postgresUrl: string;
  }
}

/**
 * One PostgreSQL for a run of a suite, with a migrated database that each test file copies. TEST_DATABASE_URL puts a
 * server of your own in its place.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given ? { url: new Secret(given), stop: () => Promise.resolve() } : await startOwnServer(project.name);
  await makeTemplate(server.url.reveal());
  project.provide('postgresUrl', server.url.reveal());
  return server.stop;
}

async function startOwnServer(suite: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'stillwater-test-'));
  chmodSync(dataDir, 0o755);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
  const server = await startEmbeddedPostgres({ dataDir, settings });
  const watched = process.env['TEST_LOG_FOLDER'];
  if (watched !== undefined) symlinkSync(join(server.dir, 'postgres.log'), join(watched, `postgres-${suite}.log`));
  const stop = async () => {
    await server.stop();
    for (const dir of [dataDir, server.dir]) rmSync(dir, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`drop database if exists ${TEMPLATE_DATABASE}`);
  await admin.query(`create database ${TEMPLATE_DATABASE}`);
  await admin.end();
  const pool = createPool(new Secret(urlOf(serverUrl, TEMPLATE_DATABASE)), 2, createLogger('warn'));
  await migrate(pool, TEST_TIME_ZONE);
  await pool.end();
}
