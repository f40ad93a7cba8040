import { firstWhere } from '../../src/domain/bisect.ts';
import { isKnown } from '../../src/domain/habit/base-flow.ts';
import type { IntervalConsumption } from '../../src/domain/metering/interval-consumption.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import type { RecordedClock } from '../../src/detectors/backtest/recorded-clock.ts';

/** The hours of a home's past, as the rules of others look at them. */
export interface PastUse {
  readonly clock: RecordedClock;
  readonly intervals: readonly IntervalConsumption[];
  /** For each time that readings tell how long ago the last use was: from `fromMs` to `untilMs` it was ever longer ago. */
  readonly pauses: readonly KnownPause[];
}

/** A time without use after a use, as long as readings tell. */
export interface KnownPause {
  /** The last use. */
  readonly fromMs: number;
  /** The next use, or the last reading that tells. */
  readonly untilMs: number;
}

/** Longer without water is an absence. */
export const ABSENCE_MS = 36 * HOUR_MS;

/** Water that people drew, or a gap in which more ran than drips. */
export function isUse({ kind, volumeLitres }: IntervalConsumption): boolean {
  return (kind === 'measured' && volumeLitres >= 1) || (kind === 'moved_gap' && volumeLitres >= 5);
}

export function pastUse(intervals: readonly IntervalConsumption[], clock: RecordedClock): PastUse {
  return { clock, intervals, pauses: knownPauses(intervals) };
}

function knownPauses(intervals: readonly IntervalConsumption[]): KnownPause[] {
  const pauses: KnownPause[] = [];
  let fromMs: number | undefined;
  for (const interval of intervals) {
    const isUsed = isUse(interval);
    if (fromMs !== undefined && (isUsed || !isKnown(interval))) {
      pauses.push({ fromMs, untilMs: isKnown(interval) ? interval.toMs : interval.fromMs });
      fromMs = undefined;
    }
    // A gap tells that somebody drew water, but not when.
    if (isUsed) fromMs = interval.toMs;
  }
  return pauses;
}

/**
 * How long ago the last use was, in milliseconds, by the readings up to a moment: undefined where they do not tell, as
 * after a gap in which a little ran.
 */
export function sinceLastUse(
  intervals: readonly IntervalConsumption[],
  atMs: number,
  backMs = 30 * DAY_MS,
): { readonly lastUseMs: number; readonly ageMs: number } | undefined {
  for (let i = firstWhere(intervals, ({ toMs }) => toMs > atMs) - 1; i >= 0; i -= 1) {
    const interval = intervals[i];
    if (!interval || interval.toMs < atMs - backMs) return undefined;
    if (isUse(interval)) return { lastUseMs: interval.toMs, ageMs: atMs - interval.toMs };
    if (!isKnown(interval)) return undefined;
  }
  return undefined;
}
