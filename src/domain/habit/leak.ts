import type { IntervalConsumption } from '../metering/interval-consumption.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import { BASE_FLOW_LOOKBACK_MS, flowOfPair, isKnown, leastFlows, PAIR_MS, standingLeak } from './base-flow.ts';

/** What leaks behind a meter at its newest reading. */
export interface Leak {
  /** What ran even in the quietest hours, in whole litres an hour. */
  readonly litresPerHour: number;
  /** The last time water was seen to stand still, or fell by four fifths; the first reading at hand where it never did. */
  readonly sinceMs: number;
  /** For how many known hours it has run since then, and how much ran in them, people's use among it. */
  readonly hours: number;
  readonly litres: number;
  readonly asOfMs: number;
  /** The meter counts in steps of so many litres; undefined where it counts single ones. */
  readonly stepLitres?: number;
}

/** From so much on a leak is told as soon as it is known; a smaller one when it has lasted two days. */
const TOLD_AT_ONCE_LITRES_PER_HOUR = 5;
/** Two days, less the hours that may be missing. */
const TOLD_AFTER_KNOWN_HOURS = 46;
/** How far back readings are needed to tell that, where few hours are missing. */
export const LEAK_LOOKBACK_MS = 2 * BASE_FLOW_LOOKBACK_MS;

/** Whether somebody is to be told of a leak. */
export function isWorthTelling({ litresPerHour, hours }: Leak): boolean {
  return litresPerHour >= TOLD_AT_ONCE_LITRES_PER_HOUR || hours >= TOLD_AFTER_KNOWN_HOURS;
}

/** A drip of less than this leaves single hours without a litre: only two of them together say that it has stopped. */
const SHOWS_EVERY_HOUR = 2;
/** What is left of a flow that has fallen by four fifths is another one. */
const LEFT_OF_FALL = 0.2;
const LEAST_KNOWN_HOURS = 22;
/** A dry hour may be short of so much by the clock of the meter. */
const CLOCK_LEEWAY_MS = 5 * MINUTE_MS;

/**
 * What leaks at the newest reading: water did not stand still in 24 known hours. It ends with one dry hour (two where less
 * than two litres an hour leak) or when it falls by four fifths. Hours that are not known neither begin nor end it.
 *
 * A meter that counts in steps of 10 L cannot tell a litre an hour: there it is water in 22 of 24 known hours.
 */
export function leakNow(intervals: readonly IntervalConsumption[]): Leak | undefined {
  const newest = intervals.at(-1);
  if (!newest) return undefined;
  if (isCoarse(intervals)) return coarseLeak(intervals, newest.toMs);
  return stoodStillLately(intervals) ? undefined : fineLeak(intervals, newest.toMs);
}

/** Most homes are dry for two hours of any day: nothing else need be looked at. */
function stoodStillLately(intervals: readonly IntervalConsumption[]): boolean {
  let knownMs = 0;
  for (let i = intervals.length - 1; i >= 0 && knownMs < LEAST_KNOWN_HOURS * HOUR_MS; i -= 1) {
    const interval = intervals[i];
    if (flowOfPair(intervals, i) === 0) return true;
    if (interval && isKnown(interval)) knownMs += lasted(interval);
  }
  return false;
}

function fineLeak(intervals: readonly IntervalConsumption[], asOfMs: number): Leak | undefined {
  const litresPerHour = standingLeak(intervals);
  if (litresPerHour === 0) return undefined;
  const first = afterLastStop(intervals, litresPerHour);
  const { hours, litres } = knownOf(intervals.slice(first));
  if (hours < LEAST_KNOWN_HOURS) return undefined;
  const sinceMs = intervals[first]?.fromMs ?? asOfMs;
  return { litresPerHour, sinceMs, hours: Math.floor(hours), litres, asOfMs };
}

/**
 * When water was last seen to stand still, or to fall by four fifths; undefined where the readings at hand tell of neither.
 * A leak that had begun before is over.
 */
export function lastStop(intervals: readonly IntervalConsumption[]): number | undefined {
  if (isCoarse(intervals)) return isCoarselyDry(intervals) ? intervals.at(-1)?.toMs : undefined;
  return intervals[afterLastStop(intervals, 0) - 1]?.toMs;
}

/** The position of the first interval since then, where so many litres an hour leak now. */
function afterLastStop(intervals: readonly IntervalConsumption[], leakingNow: number): number {
  const least = leastFlows(intervals);
  let first = intervals.length;
  while (first > 0 && !isStop(intervals, first - 1, least, leakingNow)) first -= 1;
  return first;
}

/** Whether water stood still in an interval, or ran so much less than in all known hours before it that something was closed. */
function isStop(
  intervals: readonly IntervalConsumption[],
  i: number,
  least: readonly number[],
  leakingNow: number,
): boolean {
  const interval = intervals[i];
  if (!interval || !isKnown(interval)) return false;
  const before = least[lastBefore(intervals, i, interval.toMs - PAIR_MS)] ?? 0;
  if (interval.volumeLitres === 0 && lasted(interval) >= HOUR_MS - CLOCK_LEEWAY_MS) {
    if (Math.max(before, leakingNow) >= SHOWS_EVERY_HOUR) return true;
  }
  const pair = flowOfPair(intervals, i);
  return pair !== undefined && (pair === 0 || pair <= before * LEFT_OF_FALL);
}

/** The last interval up to `i` that was over at `untilMs`. */
function lastBefore(intervals: readonly IntervalConsumption[], i: number, untilMs: number): number {
  let earlier = i;
  while (earlier >= 0 && (intervals[earlier]?.toMs ?? 0) > untilMs) earlier -= 1;
  return earlier;
}

const STEP_LITRES = 10;
const COARSE_HOURS = { of: 24, least: 22 };

/** Whether every volume at hand is a multiple of ten litres, and some water ran. */
function isCoarse(intervals: readonly IntervalConsumption[]): boolean {
  const volumes = intervals.map(({ volumeLitres }) => volumeLitres).filter((volume) => volume > 0);
  return volumes.length > 0 && volumes.every((volume) => volume % STEP_LITRES === 0);
}

/** Hours are looked at one by one: of readings further apart than an hour and a half nobody can say in which hour water ran. */
function lastDay(intervals: readonly IntervalConsumption[]) {
  const asOfMs = intervals.at(-1)?.toMs ?? 0;
  const known = intervals.filter((each) => isKnown(each) && (each.volumeLitres === 0 || lasted(each) <= 1.5 * HOUR_MS));
  let [first, hours, dryHours] = [known.length, 0, 0];
  while (first > 0 && hours < COARSE_HOURS.of) {
    const interval = known[(first -= 1)];
    if (!interval || interval.fromMs < asOfMs - LEAK_LOOKBACK_MS) break;
    hours += lasted(interval) / HOUR_MS;
    if (interval.volumeLitres === 0) dryHours += lasted(interval) / HOUR_MS;
  }
  return { recent: known.slice(first), hours, dryHours };
}

/** A day may be short of a few minutes by the clock of the meter. */
const LEAST_OF_DAY_HOURS = COARSE_HOURS.of - 0.5;
const MOST_DRY_HOURS = COARSE_HOURS.of - COARSE_HOURS.least;

function isCoarselyDry(intervals: readonly IntervalConsumption[]): boolean {
  return lastDay(intervals).dryHours > MOST_DRY_HOURS;
}

function coarseLeak(intervals: readonly IntervalConsumption[], asOfMs: number): Leak | undefined {
  const { recent, hours, dryHours } = lastDay(intervals);
  if (hours < LEAST_OF_DAY_HOURS || dryHours > MOST_DRY_HOURS) return undefined;
  const { litres } = knownOf(recent);
  const sinceMs = recent[0]?.fromMs ?? asOfMs;
  const litresPerHour = quietestFlow(recent);
  return { litresPerHour, sinceMs, hours: Math.floor(hours - dryHours), litres, asOfMs, stepLitres: STEP_LITRES };
}

/** The least that ran in a quarter of a day, in whole litres an hour. */
function quietestFlow(intervals: readonly IntervalConsumption[]): number {
  const spans = intervals.map((_, i) => intervals.slice(i, i + 6)).filter((span) => span.length === 6);
  return Math.round(Math.min(...spans.map((span) => knownOf(span).litres / knownOf(span).hours)));
}

function knownOf(intervals: readonly IntervalConsumption[]): { readonly hours: number; readonly litres: number } {
  const known = intervals.filter(isKnown);
  const ms = known.reduce((sum, interval) => sum + lasted(interval), 0);
  return { hours: ms / HOUR_MS, litres: known.reduce((sum, { volumeLitres }) => sum + volumeLitres, 0) };
}

function lasted({ fromMs, toMs }: IntervalConsumption): number {
  return toMs - fromMs;
}
