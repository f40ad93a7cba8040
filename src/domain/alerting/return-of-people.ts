import { firstWhere } from '../bisect.ts';
import type { UseSpan } from '../habit/home-use.ts';
import type { IntervalConsumption } from '../metering/interval-consumption.ts';
import { HOUR_MS } from '../time.ts';

/** So much water within two hours that somebody must have drawn it. */
const PROOF_LITRES = 5;
const WITHIN_MS = 2 * HOUR_MS;
/** What a drip too slow to be told from people may add, in litres an hour, beyond the first hour. */
const DRIP_LITRES_PER_HOUR = 0.25;

/** One meter of a home. */
interface MeterIntervals {
  readonly intervals: readonly IntervalConsumption[];
}

/**
 * When water first proved, after `sinceMs`, that somebody is in an empty home: the reading that showed five litres within
 * two hours, whatever a leak or a drip ran up in days. Undefined while nothing proves it.
 *
 * Of an interval longer than two hours only what no drip explains counts.
 */
export function provedReturn(
  meters: readonly MeterIntervals[],
  use: readonly UseSpan[],
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
): number | undefined {
  const proofs = meters.flatMap(({ intervals }) => {
    const since = intervals.filter(({ fromMs, toMs }) => fromMs >= sinceMs && toMs <= untilMs);
    return since.find((_, i) => drawnWithin(since, i, use) >= PROOF_LITRES)?.toMs ?? [];
  });
  return proofs.length === 0 ? undefined : Math.min(...proofs);
}

/** The litres that people drew in the interval and those that ended in the two hours before its end. */
function drawnWithin(intervals: readonly IntervalConsumption[], last: number, use: readonly UseSpan[]): number {
  const endMs = intervals[last]?.toMs ?? 0;
  let litres = 0;
  for (let i = last; i >= 0; i -= 1) {
    const interval = intervals[i];
    if (!interval || (i < last && interval.fromMs < endMs - WITHIN_MS)) break;
    litres += drawnIn(interval, use);
  }
  return litres;
}

function drawnIn({ fromMs, toMs, volumeLitres }: IntervalConsumption, use: readonly UseSpan[]): number {
  const hours = (toMs - fromMs) / HOUR_MS;
  const base = use[firstWhere(use, (span) => span.toMs >= toMs)]?.baseLitresPerHour ?? 0;
  return Math.max(0, volumeLitres - Math.max(base * hours, DRIP_LITRES_PER_HOUR * Math.max(0, hours - 1)));
}
