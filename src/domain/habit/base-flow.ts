import type { IntervalConsumption } from '../metering/interval-consumption.ts';
import { HOUR_MS } from '../time.ts';

/** A drip of 1 L/h shows as a litre in one hour and none in the next: two hours are looked at together. */
const PAIR_MS = 2 * HOUR_MS;
const LOOK_BACK_KNOWN_MS = 24 * HOUR_MS;
/** People sleep or go out for a few hours: so much must be known before water that always ran is taken for a leak. */
const NEEDED_KNOWN_MS = 22 * HOUR_MS;
/** Known hours that lie further back than this say nothing of now. */
const LOOK_BACK_MS = 96 * HOUR_MS;

/** How far back readings are needed to tell the base flow at a moment, where hardly any are missing. */
export const BASE_FLOW_LOOKBACK_MS = LOOK_BACK_KNOWN_MS + PAIR_MS;

/** What ran in two hours or a little more, all of them known. */
interface Pair {
  readonly toMs: number;
  readonly litresPerHour: number;
  /** Known time from the beginning of the series to the end of the pair. */
  readonly knownMs: number;
}

/**
 * The base flow at each interval's end, in whole litres an hour: what ran even in the quietest two hours of the last 24
 * known ones, and so runs by itself. 0 where it cannot be told.
 *
 * A dry pair of hours ends it. Readings further apart than two hours show no base flow: what a day used says nothing of
 * its quietest hour.
 */
export function baseFlows(intervals: readonly IntervalConsumption[]): number[] {
  const knownMsAt: number[] = [];
  /** The pairs that may be the quietest: later ones run faster. */
  const quiet: Pair[] = [];
  let first = 0;
  let knownMs = 0;
  return intervals.map((interval, i) => {
    if (isKnown(interval)) knownMs += interval.toMs - interval.fromMs;
    knownMsAt.push(knownMs);
    const litresPerHour = flowOfPair(intervals, i);
    if (litresPerHour !== undefined) {
      while ((quiet.at(-1)?.litresPerHour ?? -1) >= litresPerHour) quiet.pop();
      quiet.push({ toMs: interval.toMs, litresPerHour, knownMs });
    }
    const knownFromMs = knownMs - LOOK_BACK_KNOWN_MS;
    while (quiet[0] && (quiet[0].knownMs <= knownFromMs || quiet[0].toMs <= interval.toMs - LOOK_BACK_MS))
      quiet.shift();
    while ((knownMsAt[first] ?? 0) <= knownFromMs || (intervals[first]?.toMs ?? 0) <= interval.toMs - LOOK_BACK_MS)
      first += 1;
    const lookedAtMs = knownMs - (knownMsAt[first - 1] ?? 0);
    return lookedAtMs >= NEEDED_KNOWN_MS ? Math.floor((quiet[0]?.litresPerHour ?? 0) + 0.5) : 0;
  });
}

/** The flow over the last two hours up to the end of an interval; undefined where a hole or a long interval hides it. */
function flowOfPair(intervals: readonly IntervalConsumption[], last: number): number | undefined {
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

function isKnown({ kind }: IntervalConsumption): boolean {
  return kind === 'measured' || kind === 'still_gap';
}
