import { beforeEach, expect, it } from 'vitest';
import { type RandomStream, randomStream } from '../../../simulator/random.ts';
import { inactivityRule, tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { useDatabase } from '../../support/database.ts';
import { byForm } from '../../support/long-form.ts';
import { hourlyReadings, type Reading } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
/** Every detector is on, and they speak sooner than anybody would have them, so that there is much to compare. */
const eager = { inactivity: { ...inactivityRule(1), chance: 0.2, chancePerHour: 0.02, capHours: 16, learningDays: 3 } };
const street = watchedHomes(database, { policies: tierPolicies({ 2: eager }) });
const DAYS = 8;
const HOURS = DAYS * 24;
/** In 51 a reading of midnight comes late, in 234 one that makes two findings one. */
const seeds = byForm({ short: [1, 2, 3, 4, 51, 234], long: Array.from({ length: 300 }, (_, seed) => seed + 1) });
/** After this nothing more is waited for. */
const AFTERWARDS = HOURS + 0.5;

beforeEach(() => street.restart());

/** Days with people, days without, a tap left running, and readings that were lost. */
function lifeOf(chance: RandomStream): Reading[] {
  const litres = Array.from({ length: HOURS }, (_, hour) => {
    const isAwake = hour % 24 >= 7 && hour % 24 < 22;
    return isAwake && chance.chance(0.5) ? chance.whole(1, 40) : 0;
  });
  const happens = (lasts: number, volume: () => number) => {
    const from = chance.whole(0, HOURS - 1);
    for (let hour = from; hour < Math.min(HOURS, from + lasts); hour += 1) litres[hour] = volume();
  };
  happens(chance.whole(10, 40), () => 0);
  happens(chance.whole(10, 40), () => 0);
  happens(chance.whole(1, 6), () => chance.whole(150, 400));
  return hourlyReadings(START, litres).filter((_, hour) => hour === HOURS || !chance.chance(0.03));
}

/** The same readings in batches of any size and in any order, some of them again, some at the very end. */
function anyArrival(chance: RandomStream, readings: readonly Reading[]): Reading[][] {
  const isShuffled = chance.chance(0.5);
  const keyed = readings.map((reading, i) => ({
    reading,
    key: isShuffled ? chance.whole(0, 1_000_000) : i + (chance.chance(0.1) ? chance.whole(0, 60) : 0),
  }));
  const inOrder = keyed.toSorted((a, b) => a.key - b.key).map(({ reading }) => reading);
  const batches: Reading[][] = [];
  for (let from = 0; from < inOrder.length;) {
    const size = chance.whole(1, chance.chance(0.5) ? 12 : 80);
    const again = chance.chance(0.3) ? inOrder.slice(Math.max(0, from - 5), from) : [];
    batches.push([...inOrder.slice(from, from + size), ...again]);
    from += size;
  }
  return batches;
}

async function judged(batches: readonly Reading[][]) {
  const home = await street.home();
  for (const batch of batches) {
    await street.store(home, batch, HOURS);
    await street.run(HOURS);
  }
  return home;
}

/** What stands of a home, and whether somebody is asked to look at it. */
async function endOf(home: Home) {
  await street.run(AFTERWARDS);
  const alerts = await street.rows(
    `select finding.detector, finding.began_at from alert join finding on finding.alert_id = alert.id
     where alert.household_id = $1 and state <> 'closed' and withdrawn_at is null and ended_at is null order by 1, 2`,
    home,
  );
  return { findings: await street.standingOf(home), alerts, watch: (await street.watchOf(home))?.['verdict'] };
}

it.each(seeds)('leads to the same findings and alerts, however the readings come (%i)', async (seed) => {
  const chance = randomStream(seed, 'arrival');
  const life = lifeOf(chance);
  const atOnce = await judged([life]);
  const inAnyWay = await judged(anyArrival(chance, life));

  const expected = await endOf(atOnce);
  expect(expected.findings.length).toBeGreaterThan(0);
  expect(await endOf(inAnyWay)).toEqual(expected);
});
