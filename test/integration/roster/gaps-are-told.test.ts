import { beforeEach, describe, expect, it } from 'vitest';
import { serviceFigures } from '../../../src/db/metrics.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/time.ts';
import { watchRoster } from '../../../src/roster/watch-roster.ts';
import { useDatabase } from '../../support/database.ts';
import { hourByHour } from '../../support/hour-by-hour.ts';
import { emptyRoster, importTexts, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();
/** A Thursday, six in the morning where the homes are. */
const START = new Date('2026-04-29T22:00:00Z');
const SUPERVISOR = '+8613800000003';
const DESK = '+8613800000004';
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const leave = (...lines: string[]) => ['phone,from,back,substitute', ...lines, ''].join('\n');
const away = ['13800000001', '13800000002', '13800000003'].map((phone) => `${phone},2026-05-03,2026-05-06,`);

/** The installation from START on. */
function town() {
  const limits = { quietHours: { fromMinute: 22 * 60, untilMinute: 6 * 60 } };
  const { clock, deps, hours } = hourByHour(() => database.pool, START, limits);
  return {
    clock,
    deps,
    hours: (count: number) => hours(count, () => watchRoster(deps)),
    figures: async () =>
      (await serviceFigures(database.pool, clock.now()))
        .filter(({ measure }) => measure === 'roster_gaps')
        .map(({ kind, amount }) => `${kind} ${amount}`),
  };
}

beforeEach(async () => {
  await database.pool.query('truncate roster_gap, outbox, notice cascade');
  await emptyRoster(database.pool);
  await importTexts(database.pool, {
    ...TOWN_FILES,
    households: TOWN_FILES.households.replace(/WL-003.*\r\n/, ''),
  });
});

describe('homes whose people are all on leave at once next week', () => {
  it('are told to the supervisor in one text by day, once, and again only when there are others', async () => {
    const { hours, figures } = town();
    expect(await hours(2)).toEqual([]);
    await importTexts(database.pool, { leave: leave(...away) });
    // Seven and eight in the morning at the office; then nine.
    expect(await hours(0)).toEqual([]);
    const told = await hours(2);
    expect(told).toEqual([`${SUPERVISOR} 【静水】未来七天缺联系人：WL-001等2户；值班空缺：无。请尽快安排人员。`]);
    expect(await figures()).toEqual(['all_away 2']);
    expect(await hours(72)).toEqual([]);

    await database.pool.query(
      `delete from pairing where household_id = (select id from household where code = 'WL-002')`,
    );
    expect(await hours(24)).toEqual([expect.stringContaining('WL-002等2户')]);
    expect(await figures()).toEqual(['all_away 1', 'nobody 1']);
  });

  it('are told no more once somebody stands in, and are off the record', async () => {
    const { hours, figures } = town();
    await importTexts(database.pool, { leave: leave(...away) });
    await hours(1);
    expect(await figures()).toEqual(['all_away 2']);
    await importTexts(database.pool, { leave: leave(...away.map((line) => `${line}13800000004`)) });
    expect(await hours(12)).toEqual([]);
    expect(await figures()).toEqual([]);
  });

  it('are told to whoever stands in for the supervisor, and to the desk where there is none', async () => {
    const { hours } = town();
    const staff = 'community,role,position,phone\nwillow-lane,supervisor,1,13800000004\n';
    const standIn = '13800000004,2026-04-30,2026-05-02,13800000002';
    await importTexts(database.pool, { staff, leave: leave(...away, standIn) });
    expect(await hours(12)).toEqual([expect.stringContaining('+8613800000002 ')]);

    await database.pool.query('delete from roster_gap');
    await database.pool.query(`delete from community_staff where role = 'supervisor'`);
    await importTexts(database.pool, { leave: leave(...away, standIn.replace('05-02', '04-30T01:00:00Z')) });
    expect(await hours(24)).toEqual([expect.stringContaining(`${DESK} `)]);
  });
});

describe('a slot of the rota that nobody fills', () => {
  const rota = (...days: string[]) =>
    ['community,day,from,until,phone', ...days.map((day) => `river-city,${day},00:00,24:00,13800000004`), ''].join(
      '\n',
    );

  it('is told once with when it begins, and not anew each hour or day while it lasts', async () => {
    const { hours, figures } = town();
    await importTexts(database.pool, { rota: rota(...DAYS.filter((day) => day !== 'sat')) });
    const [told, ...others] = await hours(12);
    expect(told).toMatch(
      /^\+86138000000\d\d 【静水】未来七天缺联系人：无；值班空缺：1处，最早5月2日00:00。请尽快安排人员。$/,
    );
    expect(others).toEqual([]);
    expect(await figures()).toEqual(['empty_slot 1']);
    // Through the slot itself and out of it; the next Saturday comes into view once.
    const texts = await hours(4 * 24);
    expect(texts).toEqual([expect.stringContaining('2处，最早5月2日00:00')]);
    expect(await figures()).toEqual(['empty_slot 1']);
  });
});

it('is told once by however many processes look at the same time', async () => {
  const { clock, deps, hours } = town();
  await importTexts(database.pool, { leave: leave(...away) });
  clock.advanceTo(new Date(START.getTime() + 4 * HOUR_MS + MINUTE_MS));
  await Promise.all(Array.from({ length: 4 }, () => watchRoster(deps)));
  expect(await hours(1)).toHaveLength(1);
});
