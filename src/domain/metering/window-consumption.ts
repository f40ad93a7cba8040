import { firstWhere } from '../bisect.ts';
import type { IntervalConsumption } from './interval-consumption.ts';

/** What is known of a home's water in a window of time. */
export interface WindowConsumption {
  /** The share of the window for which the volume is known, 0 to 1. */
  readonly coverage: number;
  /** At most this much ran in the known part of the window. An interval that began before it counts whole. */
  readonly knownLitres: number;
  /** At least this much ran in the window at times unknown: gaps that lie wholly inside it. */
  readonly gapLitres: number;
}

/** A register that moved this far in a gap proves that somebody lives there; less may be drift or a drip. */
const PROOF_OF_LIFE_LITRES = 5;

/**
 * Adds up the intervals of one meter over (fromMs, toMs].
 *
 * A gap in which the register did not move is known zero use. A gap in which it moved is unknown time; lying wholly
 * inside the window with enough volume, it still proves that water was used in it.
 */
export function windowConsumption(
  intervals: readonly IntervalConsumption[],
  fromMs: number,
  toMs: number,
): WindowConsumption {
  let knownMs = 0;
  let knownLitres = 0;
  let gapLitres = 0;
  for (let i = firstWhere(intervals, (interval) => interval.toMs > fromMs); i < intervals.length; i += 1) {
    const interval = intervals[i];
    if (!interval || interval.fromMs >= toMs) break;
    const inside = interval.fromMs >= fromMs && interval.toMs <= toMs;
    if (interval.kind === 'measured' || interval.kind === 'still_gap') {
      knownMs += Math.min(interval.toMs, toMs) - Math.max(interval.fromMs, fromMs);
      knownLitres += interval.volumeLitres;
    } else if (inside && interval.kind === 'moved_gap' && interval.volumeLitres >= PROOF_OF_LIFE_LITRES) {
      gapLitres += interval.volumeLitres;
    }
  }
  return { coverage: knownMs / (toMs - fromMs), knownLitres, gapLitres };
}
