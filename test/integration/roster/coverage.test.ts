import { beforeEach, describe, expect, it } from 'vitest';
import { auditCoverage, describeGap } from '../../../src/roster/audit-coverage.ts';
import { useDatabase } from '../../support/database.ts';
import { emptyRoster, importTexts, mistakesIn, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();
const at = new Date('2026-04-02T00:00:00Z');
const gaps = async () => (await auditCoverage(database.pool, at)).map(({ gap, codes }) => [gap, ...codes]);

beforeEach(async () => {
  await emptyRoster(database.pool);
  await importTexts(database.pool, {
    ...TOWN_FILES,
    households: TOWN_FILES.households.replace(/WL-003.*\r\n/, ''),
  });
});

describe('who would be told', () => {
  it('finds nothing lacking where every home has its people, a meter and a desk', async () => {
    expect(await gaps()).toEqual([]);
  });

  it('does not count a guardian who wants no texts', async () => {
    await database.pool.query(`update person set opted_out_at = $1 where phone = '+8613800000002'`, [at]);

    expect(await gaps()).toEqual([['no_guardian', 'WL-002']]);
  });

  it('counts the homes of a contact who serves many and wants no texts', async () => {
    await database.pool.query(`update person set opted_out_at = $1 where phone = '+8613800000003'`, [at]);

    expect(await gaps()).toEqual([['no_contact', 'WL-001', 'WL-002']]);
  });

  it('finds the desk of the city for a community without one', async () => {
    await database.pool.query(`delete from community_staff where role = 'desk'`);

    expect(await gaps()).toEqual([['no_desk', 'WL-001', 'WL-002']]);
  });

  it('looks at the nearest desk, since no other is asked', async () => {
    await database.pool.query(
      `insert into community_staff (community_id, person_id, role, position)
       select community.id, person.id, 'desk', 1 from community, person
       where community.code = 'north-town' and phone = '+8613800000001'`,
    );
    await database.pool.query(`update person set opted_out_at = $1 where phone = '+8613800000001'`, [at]);

    expect(await gaps()).toContainEqual(['no_desk', 'WL-001', 'WL-002']);
  });

  it('finds a home with hours of the day at which nobody of its own can be asked', async () => {
    const pairings = (...hours: string[]) =>
      ['household,role,position,phone,from,until', ...hours.map((each) => `WL-001,${each}`), ''].join('\n');
    const byDay = 'guardian,1,13800000001,08:00,20:00';
    await importTexts(database.pool, { pairings: pairings(byDay, 'contact,1,13800000003,20:00,08:00') });
    expect(await gaps()).toEqual([]);
    await importTexts(database.pool, { pairings: pairings(byDay, 'contact,1,13800000003,20:00,07:59') });
    expect(await gaps()).toEqual([['hours', 'WL-001']]);
    await importTexts(database.pool, { pairings: pairings(byDay, 'contact,1,13800000003,,') });
    expect(await gaps()).toEqual([]);
  });

  it('refuses hours without an end, of no length, or that begin when the day is over', async () => {
    const hours = ['08:00,', '08:00,08:00', '24:00,08:00', '08:00,00:00'].map(
      (each, i) => `WL-001,guardian,${i + 1},1380000000${i + 1},${each}`,
    );
    const pairings = ['household,role,position,phone,from,until', ...hours, ''].join('\n');
    expect(mistakesIn(await importTexts(database.pool, { pairings }))).toEqual([
      'pairings.csv:2: until: hours have a beginning and an end: fill in both, or neither for any hour',
      'pairings.csv:3: until: hours end at another time than they begin; leave both empty for any hour',
      'pairings.csv:4: from: hours begin before 24:00',
      'pairings.csv:5: until: hours that end at midnight end at 24:00',
    ]);
  });

  it('notices a meter that was taken away', async () => {
    await database.pool.query(
      `update meter_binding set bound_until = $1 where meter_id = (select id from meter where serial = 'M-1001')`,
      [at],
    );

    expect(await gaps()).toEqual([['no_meter', 'WL-001']]);
  });

  it('asks nothing of a home whose watch is over', async () => {
    await database.pool.query('delete from pairing');
    await database.pool.query(`update household set monitored_until = $1`, [at]);

    expect(await gaps()).toEqual([]);
  });

  it('puts a gap into one line, and shows the first homes of many', async () => {
    const households = Array.from({ length: 12 }, (_, i) => `N-${String(i + 1).padStart(3, '0')},willow-lane`);
    await importTexts(database.pool, { households: ['code,community', ...households].join('\n') });

    const [, , noMeter] = await auditCoverage(database.pool, at);
    expect(noMeter && describeGap(noMeter)).toBe(
      '12 households with no meter: N-001, N-002, N-003, N-004, N-005, N-006, N-007, N-008, N-009, N-010, and 2 more',
    );
  });
});
