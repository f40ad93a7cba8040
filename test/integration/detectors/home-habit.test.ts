import { beforeEach, describe, expect, it } from 'vitest';
import { randomStream } from '../../../simulator/random.ts';
import { inactivityRule, tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings, type Reading } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const defaults = tierPolicies();
/** Sooner than anybody would have it, so that there are findings to compare. */
const eager = { ...defaults[2], inactivity: { ...inactivityRule(1), chance: 0.2, chancePerHour: 0.02 } };
const policies = { ...defaults, 2: eager };
const street = watchedHomes(database, { policies });
const DAYS = 45;

beforeEach(() => street.restart());

/** Somebody with habits, who sleeps in or stays out now and then. */
function habitual(seed: number): Reading[] {
  const chance = randomStream(seed, 'habits');
  const isOut = Array.from({ length: DAYS }, () => chance.chance(0.12));
  return hourlyReadings(
    START,
    Array.from({ length: DAYS * 24 }, (_, hour) => {
      const [day, hourOfDay] = [Math.floor(hour / 24), hour % 24];
      const isAwake = hourOfDay >= 7 && hourOfDay < 22 && !isOut[day];
      return isAwake && chance.chance(0.4) ? chance.whole(1, 40) : 0;
    }),
  );
}

const habitOf = async (home: Home) =>
  (
    await street.rows(
      `select complete_until, version, pauses || recent_pauses as pauses, days || recent_days as days
       from home_habit where household_id = $1`,
      home,
    )
  )[0];
const findingsOf = async (home: Home) =>
  (await street.standingOf(home)).filter(({ detector }) => detector === 'inactivity');

/** Brings a day's readings every day, with something done to the home before each run. */
async function liveThrough(readings: readonly Reading[], before: (home: Home, day: number) => Promise<unknown>) {
  street.restart();
  const home = await street.home();
  for (let day = 0; day < DAYS; day += 1) {
    await street.store(home, readings.slice(day * 24, (day + 1) * 24 + 1), (day + 1) * 24 + 1);
    await before(home, day);
    await street.run((day + 1) * 24 + 1);
  }
  return home;
}

describe('what is kept of a home', () => {
  it.each([1, 2, 3])('is the same as what its readings say, and leads to the same findings (%i)', async (seed) => {
    const readings = habitual(seed);
    const kept = await liveThrough(readings, () => Promise.resolve());
    const rebuilt = await liveThrough(readings, (home) =>
      database.pool.query('delete from home_habit where household_id = $1', [home.id]),
    );
    const outdated = await liveThrough(readings, (home) =>
      database.pool.query(`update home_habit set version = 0, pauses = '\\x00' where household_id = $1`, [home.id]),
    );

    expect((await findingsOf(kept)).length).toBeGreaterThan(0);
    expect(await findingsOf(rebuilt)).toEqual(await findingsOf(kept));
    expect(await findingsOf(outdated)).toEqual(await findingsOf(kept));
    expect(await habitOf(rebuilt)).toEqual(await habitOf(kept));
    expect(await habitOf(outdated)).toEqual(await habitOf(kept));
  });

  it('is cut back by readings that come days late, and grows again as if they had come in time', async () => {
    const readings = habitual(4);
    const punctual = await liveThrough(readings, () => Promise.resolve());
    const isLate = (index: number) => index % 24 > 4 && Math.floor(index / 24) % 7 === 3;
    street.restart();
    const home = await street.home();
    for (let day = 0; day < DAYS; day += 1) {
      const late = readings.filter((_, i) => isLate(i) && Math.floor(i / 24) === day - 3);
      const onTime = readings.slice(day * 24, (day + 1) * 24 + 1).filter((_, i) => !isLate(day * 24 + i));
      await street.arrive(home, [...onTime, ...late], (day + 1) * 24 + 1);
    }

    expect(await habitOf(home)).toEqual(await habitOf(punctual));
    expect(await findingsOf(home)).toEqual(await findingsOf(punctual));
  });

  it('grows by what a day adds, and has all of it written anew within two weeks', async () => {
    const readings = habitual(7);
    const longColumns: unknown[] = [];
    await liveThrough(readings, async (home) => {
      const [row] = await street.rows('select length(pauses) as long from home_habit where household_id = $1', home);
      longColumns.push(row?.['long']);
    });

    const timesWritten = new Set(longColumns).size;
    expect(timesWritten).toBeGreaterThan(2);
    expect(timesWritten).toBeLessThan(DAYS / 3);
  });

  it('is nothing where no rule asks for it', async () => {
    const home = await street.home();
    await street.store(home, habitual(6).slice(0, 73), 73);
    await street.run(73, { policies: { ...policies, 2: { ...eager, inactivity: 'off' } } });

    expect(await habitOf(home)).toBeUndefined();
  });

  it('goes with its home', async () => {
    const home = await liveThrough(habitual(5).slice(0, 72), () => Promise.resolve());
    expect(await habitOf(home)).toBeDefined();

    const references = await database.pool.query(
      `select confdeltype from pg_constraint where conrelid = 'home_habit'::regclass and contype = 'f'`,
    );
    expect(references.rows).toEqual([{ confdeltype: 'c' }]);
  });
});
