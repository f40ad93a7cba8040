import { expect, it } from 'vitest';
import { homeSeries } from '../../../src/detectors/home-series.ts';
import { inactivity } from '../../../src/detectors/inactivity.ts';
import { type Learned, NOTHING_LEARNED } from '../../../src/detectors/learned.ts';
import { inactivityRule } from '../../../src/detectors/tier-policy.ts';
import { NO_HABIT } from '../../../src/domain/habit/home-habit.ts';
import { episodesOf, home, hour, hoursOf } from './homes.ts';

const DAYS = 60;
/** When the last night begins. */
const LAST = DAYS * 24 + 22;
/** People who sleep from ten to seven, every fifth night an hour longer, and once did not get up for a day. */
const LONG_NIGHT = 30;
const night = (day: number) => [...hoursOf(day % 5 === 0 ? 8 : 7, 0), ...hoursOf(day % 5 === 0 ? 14 : 15, 8), 0, 0];
const past = Array.from({ length: DAYS }, (_, day) => (day === LONG_NIGHT ? hoursOf(24, 0) : night(day))).flat();
const lived = [...past, ...night(1).slice(0, 22), ...hoursOf(30, 0)];

/** How many hours after ten the last night is found, given what was learned of the home. */
function found(learned: Partial<Learned>): number {
  const { meters } = home(lived);
  const series = homeSeries({
    meters,
    excuses: [],
    habit: NO_HABIT,
    learned: { ...NOTHING_LEARNED, ...learned },
    judgedFromMs: hour(LAST),
  });
  const [episode] = episodesOf(inactivity, series, inactivityRule(2));
  return (episode!.beganAtMs - hour(LAST)) / 3_600_000;
}
const incidentKnownFrom = (hours: number) => ({
  fromMs: hour(LONG_NIGHT * 24 + 2),
  untilMs: hour(LONG_NIGHT * 24 + 12),
  knownFromMs: hour(hours),
  knownUntilMs: Infinity,
});
const soonAfter = LONG_NIGHT * 24 + 13;
/** How soon the night is found where the home has been so sensitive, each since its hour, and the incident is left out. */
const foundWith = (...steps: { since: number; step: number }[]) =>
  found({
    steps: steps.map(({ since, step }) => ({ atMs: hour(since), step })),
    leftOut: [incidentKnownFrom(soonAfter)],
  });
const more = { since: 0, step: 3 };
const less = { since: 0, step: -3 };

it('finds a home sooner that has learned to be more sensitive, and never sooner where alarms were false', () => {
  expect(foundWith(more)).toBeLessThan(foundWith());
  expect(foundWith(less)).toBeGreaterThanOrEqual(foundWith());
});

it('goes by a higher step at once, and by a lower one from the next pause on', () => {
  expect(foundWith(less, { ...more, since: LAST + 1 })).toBe(foundWith(more));
  expect(foundWith(less, { ...more, since: LAST + foundWith(less) + 1 })).toBe(foundWith(less));
  expect(foundWith(more, { ...less, since: LAST + 1 })).toBe(foundWith(more));
  expect(foundWith(more, { ...less, since: LAST })).toBe(foundWith(less));
});

it('does not take an incident for a usual pause once it is known for one', () => {
  const knownFrom = (hours: number) => found({ leftOut: [incidentKnownFrom(hours)] });
  expect(knownFrom(soonAfter)).toBeLessThan(found({}));
  expect(knownFrom(LAST + 1)).toBe(found({}));
});
