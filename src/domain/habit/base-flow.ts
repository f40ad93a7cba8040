import type { IntervalConsumption } from '../metering/interval-consumption.ts';
import { HOUR_MS } from '../time.ts';

/** A drip of 1 L/h shows as a litre in one hour and none in the next: two hours are looked at together. */
export const PAIR_MS = 2 * HOUR_MS;
const LOOK_BACK_KNOWN_MS = 24 * HOUR_MS;
/** People sleep or go out for a few hours: so much must be known before water that always ran is taken for a leak. */
const NEEDED_KNOWN_MS = 22 * HOUR_MS;
/** Known hours that lie further back than this say nothing of now. */
const LOOK_BACK_MS = 96 * HOUR_MS;

/** How far back readings are needed to tell the base flow at a moment, where hardly any are missing. */
export const BASE_FLOW_LOOKBACK_MS = LOOK_BACK_KNOWN_MS + PAIR_MS;

/** The end of an interval, and what ran in the two hours before it. */
interface Moment {
  readonly toMs: number;
  /** Known time from the beginning of the series up to here. */
  readonly knownMs: number;
  /** Undefined where a hole or a long interval hides it. */
  readonly litresPerHour: number | undefined;
}

/**
 * The base flow at each interval's end, in whole litres an hour: what ran even in the quietest two hours of the last 24
 * known ones, and so runs by itself. 0 where it cannot be told.
 *
 * A dry pair of hours ends it. Readings further apart than two hours show no base flow: what a day used says nothing of
 * its quietest hour.
 */
export function baseFlows(intervals: readonly IntervalConsumption[]): number[] {
  return leastFlows(intervals).map((litresPerHour) => Math.floor(litresPerHour + 0.5));
}

/** A litre an hour, but for the minutes by which a meter's clock wanders. */
const LEAK_LITRES_PER_HOUR = 0.95;

/**
 * What leaks at the newest reading, in whole litres an hour, or 0: not once in the last 24 known hours was there less than
 * a litre an hour. Stricter than a base flow, which may be rounded up to one.
 */
export function standingLeak(intervals: readonly IntervalConsumption[]): number {
  const newest = intervals.at(-1);
  if (!newest) return 0;
  const sinceMs = newest.toMs - BASE_FLOW_LOOKBACK_MS;
  let knownMs = 0;
  for (let i = intervals.length - 1; (intervals[i]?.fromMs ?? -Infinity) >= sinceMs; i -= 1) {
    const interval = intervals[i];
    if (interval && isKnown(interval)) knownMs += interval.toMs - interval.fromMs;
  }
  // Where every night is missing, water may have stood still in all of them.
  if (knownMs < NEEDED_KNOWN_MS) return 0;
  const litresPerHour = leastFlows(intervals).at(-1) ?? 0;
  return litresPerHour < LEAK_LITRES_PER_HOUR ? 0 : Math.round(litresPerHour);
}

/** Base flow and leak of the same intervals are asked for: the second need not work out again what the first did. */
const flowsOf = new WeakMap<readonly IntervalConsumption[], readonly number[]>();

/** At each interval's end, what ran in the quietest two hours of the last 24 known ones; 0 where it cannot be told. */
export function leastFlows(intervals: readonly IntervalConsumption[]): readonly number[] {
  let flows = flowsOf.get(intervals);
  if (!flows) flowsOf.set(intervals, (flows = workOutLeastFlows(intervals)));
  return flows;
}

function workOutLeastFlows(intervals: readonly IntervalConsumption[]): number[] {
  const moments: Moment[] = [];
  let knownMs = 0;
  let first = 0;
  return intervals.map((interval, i) => {
    const { toMs } = interval;
    if (isKnown(interval)) knownMs += toMs - interval.fromMs;
    moments.push({ toMs, knownMs, litresPerHour: flowOfPair(intervals, i) });
    while (isPast(moments[first], toMs, knownMs)) first += 1;
    const lookedAtMs = knownMs - (moments[first - 1]?.knownMs ?? 0);
    return lookedAtMs < NEEDED_KNOWN_MS ? 0 : leastFlow(moments, first);
  });
}

function isPast(moment: Moment | undefined, nowMs: number, knownMs: number): boolean {
  if (!moment) return false;
  return moment.knownMs <= knownMs - LOOK_BACK_KNOWN_MS || moment.toMs <= nowMs - LOOK_BACK_MS;
}

function leastFlow(moments: readonly Moment[], first: number): number {
  let least = Infinity;
  // From the newest back, since a home without a leak was dry not long ago.
  for (let i = moments.length - 1; i >= first && least >= 0.5; i -= 1) {
    least = Math.min(least, moments[i]?.litresPerHour ?? Infinity);
  }
  return least === Infinity ? 0 : least;
}

/** The flow over the last two hours up to the end of an interval. */
export function flowOfPair(intervals: readonly IntervalConsumption[], last: number): number | undefined {
  const toMs = intervals[last]?.toMs ?? 0;
  let litres = 0;
  for (let i = last; i >= 0; i -= 1) {
    const interval = intervals[i];
    if (!interval || !isKnown(interval)) return undefined;
    litres += interval.volumeLitres;
    const lastedMs = toMs - interval.fromMs;
    if (lastedMs < PAIR_MS) continue;
    const isShort = lastedMs < 2 * PAIR_MS || interval.kind === 'still_gap';
    return isShort ? (litres * HOUR_MS) / lastedMs : undefined;
  }
  return undefined;
}

export function isKnown({ kind }: IntervalConsumption): boolean {
  return kind === 'measured' || kind === 'still_gap';
}
