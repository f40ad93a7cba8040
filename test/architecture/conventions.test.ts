import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONVENTIONS, isKebabCase } from './support/conventions.ts';

const FOLDERS = ['src', 'simulator', 'test', 'bench', 'migrations'];
const FILES = FOLDERS.filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)))
  .filter((path) => /\.(ts|sql)$/.test(path));

/**
 * For each convention: what breaks it in such a file, and what comes close and does not. The broken ones are text that the
 * rules are tried on, planted here to see that they are found; nothing in this file is left out or to be done.
 */
const PLANTED: Record<string, { path: string; broken: string[]; kept: string[] }> = {
  'time comes from the injected clock': {
    path: 'src/alerts/raise.ts',
    broken: ['const at = new Date();', 'return Date.now() - 5;', 'performance.now()', 'process.hrtime.bigint()'],
    kept: ['// new Date() is forbidden', 'new Date(atMs)', '/** never Date.now() */'],
  },
  'no statement reads the database clock': {
    path: 'src/db/alerts.ts',
    broken: ['sql`select now()`', 'sql`where at < CURRENT_TIMESTAMP`', 'create table x (at timestamptz default now())'],
    kept: ['const at = clock.now(); sql`select ${at}`', '-- never now()\nselect 1', 'sql`select known()`'],
  },
  'chance comes from a seed': {
    path: 'simulator/town.ts',
    broken: ['const late = Math.random() < 0.1;'],
    kept: ['const late = random() < 0.1; // not Math.random'],
  },
  'only main reads the environment': {
    path: 'src/notify/send.ts',
    broken: ['process.env["TOKEN"]', 'const { env } = process; process.env;'],
    kept: ['const environment = config.env;'],
  },
  'only main writes to the console': {
    path: 'src/ingest/batch.ts',
    broken: ['console.log(reading);', 'process.stdout.write(phone)'],
    kept: ['log.info("stored")', '// console.log is forbidden'],
  },
  'all SQL lives in src/db': {
    path: 'src/web/board.ts',
    broken: ['sql`select 1`', 'await pool.query("select 1")', 'db.query<Row>("select 1")'],
    kept: ['request.query', 'mysql', 'many(db, row, statement)', 'run: (script) => pool.query(script)'],
  },
  'no test is left out, singled out or left to be written': {
    path: 'test/unit/x.test.ts',
    broken: ['it.only("x")', 'describe.skip("x")', 'it.todo("x")', 'it.concurrent.only("x")', 'xit("x")', 'ctx.skip()'],
    kept: ['it.each([1])("x")', 'describe("skips the steps between")', 'describe.runIf(broker)("x")'],
  },
  'nothing is left for later': {
    path: 'src/core/clock.ts',
    broken: ['// TODO: later', '/* FIXME */', '-- HACK'],
    kept: ['const todoList = [];', '// what is to do next'],
  },
  'the compiler and the linter are heard': {
    path: 'src/core/clock.ts',
    broken: ['// @ts-ignore', '/* eslint-disable */', '// eslint-disable-next-line no-console'],
    kept: ['// eslint-disable-next-line no-console -- the CLI prints', '// @ts-expect-error a wrong type is the point'],
  },
};

describe.each(CONVENTIONS)('$name', ({ name, holdsFor, offences }) => {
  it('everywhere', () => {
    const offenders = FILES.filter(holdsFor).flatMap((path) =>
      offences(readFileSync(path, 'utf8')).map((piece) => `${path}: ${piece}`),
    );
    expect(offenders).toEqual([]);
  });

  it('or is reported', () => {
    const planted = PLANTED[name];
    expect(planted && holdsFor(planted.path), 'the rule looks at such a file').toBe(true);
    for (const line of planted?.broken ?? []) expect(offences(line), line).not.toEqual([]);
    for (const line of planted?.kept ?? []) expect(offences(line), line).toEqual([]);
  });
});

describe('the names of files', () => {
  it('are lower case with hyphens', () => {
    expect(FILES.length).toBeGreaterThan(100);
    expect(FILES.filter((path) => !isKebabCase(path))).toEqual([]);
  });

  it.each(['src/alerts/raiseAlert.ts', 'src/Alerts/raise.ts', 'src/db/outbox_leases.ts', 'src/db/-x.ts'])(
    'are reported when they are not: %s',
    (path) => {
      expect(isKebabCase(path)).toBe(false);
    },
  );
});
