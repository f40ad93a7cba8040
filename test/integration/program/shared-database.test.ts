import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { urlOf } from '../../support/database-names.ts';
import { useInstallation } from '../../support/installation.ts';

const NAME = `test_${randomBytes(6).toString('hex')}`;

const installation = useInstallation();
beforeAll(() => onServer(`create database ${NAME}`));
afterAll(() => onServer(`drop database ${NAME} with (force)`));

it('changes the schema of a database that is not its own only when somebody says so', async () => {
  const settings = { DATABASE_URL: urlOf(inject('postgresUrl'), NAME), LOG_LEVEL: 'warn' };

  expect(await installation.run(['serve'], settings)).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr: 'stillwater: the database lacks migrations: run stillwater migrate, then start again\n',
  });
  const migrated = await installation.run(['migrate'], settings);
  expect(migrated.code).toBe(0);
  expect(migrated.stdout).toMatch(/^applied:\n {2}1 /);

  const service = await installation.serve(settings);
  expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  service.signal('SIGTERM');
  expect(await service.ended).toEqual({ code: 0, signal: null });
});

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(statement);
  await client.end();
}
