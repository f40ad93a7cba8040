import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { useDatabase } from '../../support/database.ts';
import { emptyRoster, importTexts, mistakesIn, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();
const rowsOf = async (text: string, values: unknown[] = []) =>
  (await database.pool.query(text, values)).rows as unknown[];

beforeEach(() => emptyRoster(database.pool));

describe('importing a town', () => {
  it('hangs every home on its community, though the city stands last in the file', async () => {
    await importTexts(database.pool, TOWN_FILES);

    const chain = await rowsOf(`
      select household.code, community.code as community, town.code as town, city.code as city
      from household join community on community.id = community_id
      join community town on town.id = community.parent_id join community city on city.id = town.parent_id
      where household.code = 'WL-001'`);
    expect(chain).toEqual([{ code: 'WL-001', community: 'willow-lane', town: 'north-town', city: 'river-city' }]);
  });

  it('watches a home from midnight of the day given, as the home reads its clock', async () => {
    await importTexts(database.pool, TOWN_FILES);

    expect(await rowsOf('select code, tier, time_zone, monitored_from from household order by code')).toEqual([
      { code: 'WL-001', tier: 1, time_zone: 'Asia/Shanghai', monitored_from: new Date('2026-02-28T16:00:00Z') },
      { code: 'WL-002', tier: 3, time_zone: 'Asia/Urumqi', monitored_from: new Date('2026-03-01T00:00:00Z') },
      { code: 'WL-003', tier: 2, time_zone: 'Asia/Shanghai', monitored_from: new Date('2026-04-01T00:00:00Z') },
    ]);
  });

  it('keeps one number per person, however it was written', async () => {
    await importTexts(database.pool, TOWN_FILES);

    expect(
      await rowsOf('select phone, language, phone_proved_at is not null as proved from person order by phone'),
    ).toEqual([
      { phone: '+8613800000001', language: 'zh-CN', proved: true },
      { phone: '+8613800000002', language: 'en', proved: false },
      { phone: '+8613800000003', language: 'zh-CN', proved: false },
      { phone: '+8613800000004', language: 'zh-CN', proved: true },
    ]);
  });

  it('counts what it added, and says what the homes still lack', async () => {
    const report = await importTexts(database.pool, TOWN_FILES);

    const added = (count: number) => ({ added: count, changed: 0, removed: 0, unchanged: 0 });
    expect(report).toEqual({
      ok: true,
      counts: {
        communities: added(3),
        households: added(3),
        people: added(4),
        pairings: added(4),
        staff: added(2),
        leave: added(0),
        rota: added(0),
      },
      gaps: [
        { gap: 'no_contact', homes: 1, codes: ['WL-003'] },
        { gap: 'no_guardian', homes: 1, codes: ['WL-003'] },
        { gap: 'no_meter', homes: 1, codes: ['WL-003'] },
      ],
    });
  });

  it('changes nothing the second time, a day later', async () => {
    await importTexts(database.pool, TOWN_FILES);
    const before = await snapshot();

    const nextDay = handTurnedClock(new Date('2026-04-02T00:00:00Z'));
    const report = await importTexts(database.pool, TOWN_FILES, { clock: nextDay });

    const unchanged = (count: number) => ({ added: 0, changed: 0, removed: 0, unchanged: count });
    expect(report).toMatchObject({
      counts: {
        communities: unchanged(3),
        households: unchanged(3),
        people: unchanged(4),
        pairings: unchanged(4),
        staff: unchanged(2),
      },
    });
    expect(await snapshot()).toEqual(before);
  });

  it('shows in a dry run what would happen, and leaves the town as it was', async () => {
    const report = await importTexts(database.pool, TOWN_FILES, { dryRun: true });

    expect(report).toMatchObject({ ok: true, counts: { households: { added: 3 } } });
    expect(await snapshot()).toEqual([]);
  });

  it('leaves one line in the audit, with counts and nobody’s name', async () => {
    const [before] = (await rowsOf('select count(*) as lines from audit_entry')) as { lines: number }[];
    await importTexts(database.pool, TOWN_FILES);
    await importTexts(database.pool, TOWN_FILES, { dryRun: true });

    const lines = await rowsOf('select * from audit_entry order by id offset $1', [before!.lines]);
    expect(lines).toEqual([
      expect.objectContaining({ actor: 'a clerk', action: 'roster.imported', at: new Date('2026-04-01T00:00:00Z') }),
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/陈|Wang|1380000/);
  });
});

describe('correcting a town', () => {
  beforeEach(() => importTexts(database.pool, TOWN_FILES));

  it('takes out a guardian whose line is gone, and touches no other home', async () => {
    const pairings = 'household,role,position,phone\nWL-001,contact,1,13800000003\n';
    const report = await importTexts(database.pool, { pairings });

    expect(report).toMatchObject({ counts: { pairings: { added: 0, changed: 0, removed: 1, unchanged: 1 } } });
    expect(
      await rowsOf('select code, role from pairing join household on household.id = household_id order by 1, 2'),
    ).toEqual([
      { code: 'WL-001', role: 'contact' },
      { code: 'WL-002', role: 'contact' },
      { code: 'WL-002', role: 'guardian' },
    ]);
  });

  it('lets two guardians change places', async () => {
    const inOrder = (...phones: string[]) =>
      ['household,role,position,phone', ...phones.map((phone, at) => `WL-001,guardian,${at + 1},${phone}`)].join('\n');
    await importTexts(database.pool, { pairings: inOrder('13800000001', '13800000002') });

    const report = await importTexts(database.pool, { pairings: inOrder('13800000002', '13800000001') });

    expect(report).toMatchObject({ counts: { pairings: { added: 0, changed: 2, removed: 0, unchanged: 0 } } });
    expect(
      await rowsOf(`select position, phone from pairing join person on person.id = person_id
                    join household on household.id = household_id where code = 'WL-001' order by position`),
    ).toEqual([
      { position: 1, phone: '+8613800000002' },
      { position: 2, phone: '+8613800000001' },
    ]);
  });

  it('hands the desk to somebody else', async () => {
    const staff = 'community,role,position,phone\nriver-city,desk,1,13800000001\n';
    const report = await importTexts(database.pool, { staff });

    expect(report).toMatchObject({ counts: { staff: { changed: 1, removed: 0 } } });
    expect(
      await rowsOf(`select role, phone from community_staff join person on person.id = person_id order by role`),
    ).toEqual([
      { role: 'desk', phone: '+8613800000001' },
      { role: 'supervisor', phone: '+8613800000003' },
    ]);
  });

  it('keeps what an empty cell says nothing about', async () => {
    const households = 'code,community\nWL-002,willow-lane\n';
    const people = 'phone,name\n13800000001,陈明\n';
    const before = await snapshot();

    const report = await importTexts(database.pool, { households, people });

    expect(report).toMatchObject({ counts: { households: { unchanged: 1 }, people: { unchanged: 1 } } });
    expect(await snapshot()).toEqual(before);
  });

  it('counts a home as changed when somebody else lives there', async () => {
    const households = 'code,community,resident\nWL-001,willow-lane,孙丽\nWL-002,willow-lane,"Li, Wei"\n';
    const report = await importTexts(database.pool, { households });

    expect(report).toMatchObject({ counts: { households: { added: 0, changed: 1, unchanged: 1 } } });
    expect(await rowsOf('select name from resident order by id')).toEqual([{ name: 'Li, Wei' }, { name: '孙丽' }]);
  });

  it('takes back the proof of a phone that turned out to be wrong', async () => {
    await importTexts(database.pool, { people: 'phone,name,proved\n13800000001,陈明,no\n' });

    expect(await rowsOf(`select phone_proved_at from person where phone = '+8613800000001'`)).toEqual([
      { phone_proved_at: null },
    ]);
  });

  it('watches a home again whose watch had ended', async () => {
    await database.pool.query(`update household set monitored_until = '2026-03-20' where code = 'WL-001'`);
    await importTexts(database.pool, { households: 'code,community,monitored_from\nWL-001,willow-lane,2026-04-01\n' });

    expect(await rowsOf(`select monitored_from, monitored_until from household where code = 'WL-001'`)).toEqual([
      { monitored_from: new Date('2026-03-31T16:00:00Z'), monitored_until: null },
    ]);
  });
});

it('refuses the whole import for one bad line', async () => {
  const households = `${TOWN_FILES.households}WL-004,willow-lane,7,,,,,,\n`;
  const report = await importTexts(database.pool, { ...TOWN_FILES, households });

  expect(mistakesIn(report)).toEqual(['households.csv:5: tier: expected 1, 2 or 3']);
  expect(await snapshot()).toEqual([]);
});

/** Everything the import can write, as text. */
function snapshot(): Promise<unknown[]> {
  const tables = [
    'community',
    'household',
    'resident',
    'person',
    'pairing',
    'community_staff',
    'meter',
    'meter_binding',
  ];
  return rowsOf(
    tables.map((table) => `select '${table}', ${table}::text from ${table}`).join(' union all ') + ' order by 1, 2',
  );
}
