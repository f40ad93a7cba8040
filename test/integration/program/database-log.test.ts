import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const LOG = join(process.env['TEST_LOG_FOLDER'] ?? '', 'postgres-integration.log');

/** A server of one's own (TEST_DATABASE_URL) keeps its log where it likes. */
it.runIf(existsSync(LOG))('says of a statement that failed what went wrong, and quotes no row', async () => {
  const insert = `insert into person (name, phone, language) values ($1, $2, 'zh-CN')`;
  const statement = `${insert} -- for the log`;
  const row = ['张伟', '+8613800000001'];
  await database.pool.query(statement, row);
  await expect(database.pool.query(statement, row)).rejects.toMatchObject({ code: '23505' });

  await expect.poll(() => readFileSync(LOG, 'utf8')).toContain('for the log');
  const log = readFileSync(LOG, 'utf8');
  expect(log).toContain('duplicate key');
  for (const quoted of row) expect(log).not.toContain(quoted);
});
