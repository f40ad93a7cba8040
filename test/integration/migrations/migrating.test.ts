import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate, pendingMigrations } from '../../../src/db/migrate.ts';
import type { DbPool } from '../../../src/db/sql.ts';
import { openEmptyDatabase } from './stores.ts';

let pool: DbPool;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ pool, close } = await openEmptyDatabase());
});
afterEach(() => close());

const pending = () => pendingMigrations({ run: (script) => pool.query(script) });
const tables = async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  return rows.map(({ name }) => name);
};

it('changes nothing when everything has been applied', async () => {
  const first = await migrate(pool, 'Asia/Shanghai');
  expect(first.length).toBeGreaterThan(0);

  expect(await migrate(pool, 'Asia/Shanghai')).toEqual([]);
});

it('knows how many migrations a database lacks', async () => {
  const all = await pending();
  expect(all).toBeGreaterThan(0);

  await migrate(pool, 'Asia/Shanghai');
  expect(await pending()).toBe(0);
});

it('lets two processes start at once: one migrates, the other waits and finds nothing to do', async () => {
  const applied = await Promise.all([migrate(pool, 'Asia/Shanghai'), migrate(pool, 'Asia/Shanghai')]);

  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await pending()).toBe(0);
});

it('leaves nothing behind when a later migration fails', async () => {
  await pool.query('create table alert (of_somebody_else integer)');

  await expect(migrate(pool, 'Asia/Shanghai')).rejects.toMatchObject({ code: 'database_not_migrated' });
  expect(await tables()).toEqual(['alert']);

  await pool.query('drop table alert');
  await migrate(pool, 'Asia/Shanghai');
  expect(await pending()).toBe(0);
});

it('refuses a migration that is not the one that was applied', async () => {
  await migrate(pool, 'Asia/Shanghai');
  await pool.query(`update schema_migration set md5 = 'of another file' where version = 2`);

  await expect(migrate(pool, 'Asia/Shanghai')).rejects.toThrow('MD5 checksum failed for migration [2]');
});

it('takes the name of a time zone as a name, whatever is in it', async () => {
  await migrate(pool, `'; drop schema public cascade; --`);

  expect(await pending()).toBe(0);
  expect(await tables()).toContain('household');
});
