import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { importCommand, type ImportArguments } from '../../../src/main/commands/import.ts';
import { useDatabase } from '../../support/database.ts';
import { emptyRoster } from '../../support/roster-town.ts';

const database = useDatabase();
const TOWN = fileURLToPath(new URL('../../fixtures/roster/town', import.meta.url));

let folder = '';
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillwater-roster-'));
  await emptyRoster(database.pool);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(args: ImportArguments) {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = await importCommand(args, {
    pool: database.pool,
    clock: handTurnedClock(new Date('2026-04-01T00:00:00Z')),
    log: createLogger('warn'),
    config: { phoneCountries: ['CN'], timeZone: 'Asia/Shanghai' },
    actor: 'clerk',
    print: (line) => printed.push(line),
    printError: (line) => complained.push(line),
  });
  return { code, printed, complained };
}

async function homesOnFile(): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>('select count(*) from household');
  return rows[0]!.count;
}

describe('stillwater import', () => {
  it('imports a folder and says what that did', async () => {
    expect(await run({ dir: TOWN })).toEqual({
      code: 0,
      complained: [],
      printed: [
        'communities  3 added, 0 changed, 0 removed, 0 unchanged',
        'households   3 added, 0 changed, 0 removed, 0 unchanged',
        'people       4 added, 0 changed, 0 removed, 0 unchanged',
        'pairings     4 added, 0 changed, 0 removed, 0 unchanged',
        'staff        2 added, 0 changed, 0 removed, 0 unchanged',
        'leave        0 added, 0 changed, 0 removed, 0 unchanged',
        'rota         0 added, 0 changed, 0 removed, 0 unchanged',
        'warning: 1 household with no community contact who can be texted: WL-003',
        'warning: 1 household with no guardian who can be texted: WL-003',
        'warning: 1 household with no meter: WL-003',
      ],
    });
    expect(await homesOnFile()).toBe(3);
  });

  it('only rehearses when asked to', async () => {
    const { code, printed } = await run({ dir: TOWN, dryRun: true });

    expect(code).toBe(0);
    expect(printed.at(-1)).toBe('this was a dry run: nothing was written');
    expect(await homesOnFile()).toBe(0);
  });

  it('prefers a file named by itself to the one in the folder', async () => {
    const people = join(folder, 'helpers.csv');
    writeFileSync(people, 'phone,name\n12345,陈明\n');

    expect(await run({ dir: TOWN, files: { people } })).toMatchObject({
      code: 2,
      complained: expect.arrayContaining([`${people}:2: phone: expected a mobile number of CN`]),
    });
  });

  it('exits with 2 and lists every line to mend, also beside a file that is not UTF-8', async () => {
    writeFileSync(join(folder, 'communities.csv'), 'code,name,level\nriver-city,江城,galaxy\n');
    writeFileSync(join(folder, 'people.csv'), Buffer.from([0xd5, 0xc5]));
    const { code, complained } = await run({ dir: folder });

    expect(code).toBe(2);
    expect(complained).toEqual([
      `${folder}/communities.csv:2: level: expected city, town or community`,
      `${folder}/people.csv:1: not UTF-8 (perhaps GBK): save the sheet again as "CSV UTF-8"`,
      '2 mistake(s); nothing was imported',
    ]);
  });

  it('refuses a folder without a roster, and a file that is not there', async () => {
    await expect(run({ dir: folder })).rejects.toMatchObject({ code: 'input_invalid' });
    await expect(run({ files: { staff: join(folder, 'staff.csv') } })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
