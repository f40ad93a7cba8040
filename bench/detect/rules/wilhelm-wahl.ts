import { isExcused } from '../../../src/detectors/detector.ts';
import { isDayOff } from '../../../src/domain/day-type.ts';
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.ts';
import { ABSENCE_MS, type PastUse, sinceLastUse } from '../past-use.ts';
import type { Rule } from './rule.ts';

const DAYS = 30;
const LEAST_DAYS = 3;
const FACTOR = 1.1;
const FENCE = 1.5;

/**
 * Wilhelm and Wahl 2024 (doi:10.3390/s24206583), with one sensor that is always sure of itself: the score is the time
 * since the last use. It alarms above 1.1 times the greatest score within an hour of the same time on days of the same
 * kind (workday or weekend) of the last 30, where greater ones than the third quartile and 1.5 times the interquartile
 * range count as that. Scores are taken once an hour, since readings come once an hour; those of absences are left out.
 */
export const wilhelmWahl: Rule = {
  name: 'Wilhelm & Wahl 2024, hourly',
  listensFor: ['stillness'],
  lookOver: ({ home, past }) => {
    const intervals = home.meters[0]?.intervals ?? [];
    const scores = scoresOf(past);
    return (atMs) => {
      if (isExcused(home, ['absence'], atMs, atMs)) return false;
      const last = sinceLastUse(intervals, atMs);
      if (!last) return undefined;
      const limit = scores.limitAt(atMs);
      return limit === undefined ? undefined : last.ageMs / HOUR_MS > limit;
    };
  },
};

interface Scores {
  readonly limitAt: (atMs: number) => number | undefined;
}

const known = new WeakMap<PastUse, Scores>();

function scoresOf(past: PastUse): Scores {
  let scores = known.get(past);
  if (!scores) known.set(past, (scores = readScores(past)));
  return scores;
}

/** The scores of the past by the hour that wall clocks show, as if it were UTC. */
function readScores({ clock, intervals, pauses }: PastUse): Scores {
  const byHour = new Map<number, number>();
  const hourAt = (atMs: number) => Math.round(clock.shownAt(atMs) / HOUR_MS);
  for (const interval of intervals) {
    if (interval.kind === 'measured' && interval.volumeLitres >= 1) byHour.set(hourAt(interval.toMs), 0);
  }
  for (const { fromMs, untilMs } of pauses) {
    if (untilMs - fromMs > ABSENCE_MS) continue;
    for (let atMs = fromMs + HOUR_MS; atMs < untilMs; atMs += HOUR_MS)
      byHour.set(hourAt(atMs), (atMs - fromMs) / HOUR_MS);
  }
  const limits = new Map<number, number | undefined>();
  const limitOf = (hour: number) => {
    const isOff = isOffAt(hour);
    const values: number[] = [];
    for (let day = 1; day <= DAYS; day += 1) {
      const then = hour - 24 * day;
      if (isOffAt(then) !== isOff) continue;
      const greatest = Math.max(byHour.get(then - 1) ?? -1, byHour.get(then) ?? -1, byHour.get(then + 1) ?? -1);
      if (greatest >= 0) values.push(greatest);
    }
    if (values.length < LEAST_DAYS) return undefined;
    values.sort((a, b) => a - b);
    const low = percentile(values, 0.25);
    const high = percentile(values, 0.75);
    return FACTOR * Math.min(values.at(-1) ?? 0, high + FENCE * (high - low));
  };
  return {
    limitAt: (atMs) => {
      const hour = hourAt(atMs);
      if (!limits.has(hour)) limits.set(hour, limitOf(hour));
      return limits.get(hour);
    },
  };
}

const daysOff = new Map<number, boolean>();

/** Whether it is a weekend by wall clocks, which show so many hours since 1970. */
function isOffAt(shownHour: number): boolean {
  const day = Math.floor(shownHour / 24);
  let isOff = daysOff.get(day);
  if (isOff === undefined) {
    isOff = isDayOff(new Date(day * DAY_MS).toISOString().slice(0, 10));
    daysOff.set(day, isOff);
  }
  return isOff;
}

/** Between the two nearest, as numpy does it. */
function percentile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
