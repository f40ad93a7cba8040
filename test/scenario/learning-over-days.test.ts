import { beforeEach, describe, expect, it } from 'vitest';
import { randomStream } from '../../simulator/random.ts';
import { type Answer, recordVerification } from '../../src/alerts/record-verification.ts';
import { undoLesson } from '../../src/alerts/undo-lesson.ts';
import { inactivityRule, tierPolicies } from '../../src/detectors/tier-policy.ts';
import { areaPolicy } from '../../src/domain/area/area-policy.ts';
import type { InactivityEvidence } from '../../src/domain/alerting/finding.ts';
import { useDatabase } from '../support/database.ts';
import { hourlyReadings } from '../support/readings.ts';
import type { Home } from '../support/town.ts';
import { afterHours, START, watchedHomes } from '../support/watched-homes.ts';

const database = useDatabase();
const RULE = { ...inactivityRule(2), chance: 0.05, chancePerHour: 0.004, learningDays: 7, quietAfterCheckHours: 4 };
const scaled = (factor: number) => ({
  inactivity: { ...RULE, chance: RULE.chance * factor, chancePerHour: RULE.chancePerHour * factor },
});
/** Tier 2 is the rule; 3 and 1 are what one step less and one step more make of it, as the manual states. */
const policies = tierPolicies({ 1: scaled(2 ** 0.5), 2: { inactivity: RULE }, 3: scaled(2 ** -0.5) });
const street = watchedHomes(database, { policies });
/** Every story begins at the same time: alerts of the one before must not make those of the next one queue. */
const areas = areaPolicy({ alertsAnHour: { least: 1_000, shareOfHomes: 1 } });

/** The days on which nobody uses water after the evening before, until late. */
const STILL_DAYS = [21, 25, 29];
const DAYS = 31;

/** Days of people whose first and last use wander, but for the still ones. */
const life = (() => {
  const chance = randomStream(7, 'life');
  const litres = Array.from({ length: DAYS * 24 }, () => 0);
  for (let day = 0; day < DAYS; day += 1) {
    const [wakes, sleeps] = [chance.whole(6, 10), chance.whole(19, 22)];
    for (let hour = 0; hour < 24; hour += 1) {
      const isAwake = hour >= wakes && hour <= sleeps;
      if (isAwake && !STILL_DAYS.includes(day) && chance.chance(0.7)) litres[day * 24 + hour] = chance.whole(3, 30);
    }
  }
  for (const day of STILL_DAYS) litres[day * 24 + 21] = 12;
  return litres;
})();
const readings = hourlyReadings(START, life);

interface Told {
  readonly id: number;
  readonly at: Date;
  readonly evidence: InactivityEvidence;
}

/** Homes that live alike, hour by hour, until the end of a still day; whoever is alarmed then, and when. */
async function livesUntilAlarm(homes: readonly Home[], fromHour: number, stillDay: number): Promise<Map<Home, Told>> {
  const untilHour = stillDay * 24 + 21;
  for (const home of homes) await street.arrive(home, readings.slice(fromHour, stillDay * 24 - 3), stillDay * 24 - 4);
  const told = new Map<Home, Told>();
  for (let hour = stillDay * 24 - 3; hour <= untilHour; hour += 1) {
    for (const home of homes) await street.store(home, readings.slice(hour, hour + 1), hour);
    await street.run(hour, { areas });
    for (const home of homes) {
      const open = (await street.alertsOf(home)).find(({ state }) => state !== 'closed');
      if (!open || told.has(home)) continue;
      told.set(home, {
        id: open['id'] as number,
        at: afterHours(hour),
        evidence: open['evidence'] as InactivityEvidence,
      });
    }
  }
  return told;
}

async function answer(
  home: Home,
  told: Told | undefined,
  given: Pick<Answer, 'outcome'> & Partial<Answer>,
): Promise<void> {
  const more = { method: 'phone', note: '', ...given } as const;
  await recordVerification(street.deps(), { alertId: told!.id, personId: home.people['desk']!.id, ...more });
}

const tierOf = (home: Home, tier: number) =>
  database.pool.query('update household set tier = $2 where id = $1', [home.id, tier]);

async function lessonOf(home: Home): Promise<number> {
  const [lesson] = await street.rows('select id from lesson where household_id = $1 order by id', home);
  return lesson!['id'] as number;
}

beforeEach(() => street.restart());

describe.each([
  ['from what is kept', () => Promise.resolve()],
  ['from the readings', () => database.pool.query('delete from home_habit')],
])('a home that has learned from an answer, its past known %s,', (_, forget) => {
  it('alarms as a home of the scaled rule does after a false alarm, its run among its pauses, and as before once it is undone', async () => {
    const homes = [await street.home(), await street.home(), await street.home()] as const;
    const [learning, scaledDown, unmoved] = homes;
    const first = await livesUntilAlarm(homes, 0, STILL_DAYS[0]!);
    expect(new Set([...first.values()].map(({ at }) => at.getTime())).size).toBe(1);
    await answer(learning, first.get(learning), { outcome: 'false_alarm', cause: 'late_riser' });
    for (const home of [scaledDown, unmoved]) await answer(home, first.get(home), { outcome: 'safe' });
    await tierOf(scaledDown, 3);

    await forget();
    const second = await livesUntilAlarm(homes, STILL_DAYS[0]! * 24 + 21, STILL_DAYS[1]!);
    expect(second.get(learning)).toMatchObject({ at: second.get(scaledDown)!.at });
    expect(second.get(learning)!.evidence).toEqual(second.get(scaledDown)!.evidence);
    expect(second.get(learning)!.at.getTime()).toBeGreaterThan(second.get(unmoved)!.at.getTime());

    for (const home of homes) await answer(home, second.get(home), { outcome: 'safe' });
    await undoLesson(street.deps(), { id: await lessonOf(learning), by: 'Wang' });
    await forget();
    const third = await livesUntilAlarm(homes, STILL_DAYS[1]! * 24 + 21, STILL_DAYS[2]!);
    expect(third.get(learning)!.evidence).toEqual(third.get(unmoved)!.evidence);
    expect(third.get(learning)!.at).toEqual(third.get(unmoved)!.at);
    expect(third.get(learning)!.at.getTime()).toBeLessThan(third.get(scaledDown)!.at.getTime());
  });

  it('alarms sooner after a call for help, its run no pause of people, until that is undone', async () => {
    const homes = [await street.home(), await street.home(), await street.home()] as const;
    const [learning, runStays, unmoved] = homes;
    const first = await livesUntilAlarm(homes, 0, STILL_DAYS[0]!);
    await answer(learning, first.get(learning), { outcome: 'needs_help' });
    await answer(learning, first.get(learning), { outcome: 'safe' });
    for (const home of [runStays, unmoved]) await answer(home, first.get(home), { outcome: 'safe' });
    await tierOf(runStays, 1);

    await forget();
    const second = await livesUntilAlarm(homes, STILL_DAYS[0]! * 24 + 21, STILL_DAYS[1]!);
    expect(second.get(learning)!.at.getTime()).toBeLessThan(second.get(unmoved)!.at.getTime());
    expect(second.get(learning)!.at.getTime()).toBeLessThanOrEqual(second.get(runStays)!.at.getTime());
    expect(second.get(learning)!.evidence.shareOver).toBeGreaterThan(second.get(runStays)!.evidence.shareOver!);

    for (const home of homes) await answer(home, second.get(home), { outcome: 'safe' });
    await undoLesson(street.deps(), { id: await lessonOf(learning), by: 'Wang' });
    await forget();
    const third = await livesUntilAlarm(homes, STILL_DAYS[1]! * 24 + 21, STILL_DAYS[2]!);
    expect(third.get(learning)!.evidence).toEqual(third.get(unmoved)!.evidence);
  });
});
