import { beforeEach, describe, expect, it } from 'vitest';
import { loadHomes } from '../../../src/detectors/load-homes.ts';
import { tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings, type Reading } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database, { policies: tierPolicies() });
const [FROM_DAY, UNTIL_DAY, DAYS] = [20, 90, 94];
const EVERY_DAYS = 5;

/** Somebody who uses water in the day, with something else from the twentieth day to the ninetieth. */
function lifeWith(between: (hourOfDay: number) => number): Reading[] {
  return hourlyReadings(
    START,
    Array.from({ length: DAYS * 24 }, (_, hour) => {
      const day = Math.floor(hour / 24);
      if (day >= FROM_DAY && day < UNTIL_DAY) return between(hour % 24);
      return [7, 12, 19].includes(hour % 24) ? 12 : 0;
    }),
  );
}

const usual = (hourOfDay: number) => ([7, 12, 19].includes(hourOfDay) ? 12 : 0);
const stories = [
  { name: 'a toilet that runs', between: (hourOfDay: number) => usual(hourOfDay) + 30, found: 'running-water' },
  { name: 'a home that nobody lives in', between: () => 0, found: 'inactivity' },
];

beforeEach(() => street.restart());

describe.each(stories)('$name for ten weeks', ({ between, found }) => {
  const readings = lifeWith(between);
  const upTo = (day: number) => readings.slice(0, day * 24 + 1);
  const liveThrough = async (home: Home) => {
    for (let day = 0; day < DAYS; day += EVERY_DAYS) {
      const until = Math.min(DAYS, day + EVERY_DAYS);
      await street.store(home, upTo(until).slice(day * 24), until * 24);
      await street.run(until * 24);
    }
  };

  it('is one finding from its beginning to its end, whether it was looked at all along or once', async () => {
    const watched = await street.home();
    await liveThrough(watched);
    street.restart();
    const lookedAtOnce = await street.home();
    await street.store(lookedAtOnce, readings, DAYS * 24);
    await street.run(DAYS * 24);

    const findings = await street.standingOf(watched);
    expect(findings).toContainEqual({ detector: found, began: expect.any(Date), ended: expect.any(Date) });
    expect(findings).toEqual(await street.standingOf(lookedAtOnce));
    const [long] = findings.filter(({ detector }) => detector === found);
    expect((long?.['ended'] as Date).getTime() - (long?.['began'] as Date).getTime()).toBeGreaterThan(65 * 86_400_000);
  });

  it('costs no more readings in its tenth week than in its fifth', async () => {
    const home = await street.home();
    const readingsAfter = async (day: number) => {
      await street.store(home, upTo(day), day * 24);
      await street.run(day * 24);
      const wanted = [{ householdId: home.id, changedFrom: afterHours(day * 24) }];
      const [loaded] = await loadHomes(database.pool, wanted, tierPolicies(), afterHours(day * 24));
      return loaded?.series.meters[0]?.intervals.length ?? 0;
    };

    const inFifthWeek = await readingsAfter(FROM_DAY + 33);
    expect(inFifthWeek).toBeGreaterThan(24);
    expect(await readingsAfter(FROM_DAY + 68)).toBeLessThanOrEqual(inFifthWeek + 24);
  });
});
