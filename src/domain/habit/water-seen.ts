import type { IntervalConsumption } from '../metering/interval-consumption.ts';
import { HOUR_MS } from '../time.ts';
import { homeUse, type UseSpan } from './home-use.ts';

/** A stretch in which somebody drew water: at some time after `fromMs`, and by `toMs`. */
export interface WaterSeen {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface WaterSought {
  /** The stretch must begin at this moment or later. */
  readonly beginsFromMs: number;
  /** It must end at this moment or later. */
  readonly endsFromMs: number;
}

/** A longer stretch tells a day and not a time. */
const LONGEST_MS = 2 * HOUR_MS;
/** So much must be known before it, or water that runs by itself could not be told from people. */
const LEAST_KNOWN_MS = 22 * HOUR_MS;
/** Within so much time before the stretches sought, the meter must have stood still, but for its leak. */
const STILL_WITHIN_MS = 6 * HOUR_MS;

/** How far back readings are needed, in milliseconds. */
export const WATER_SEEN_LOOKBACK_MS = 96 * HOUR_MS;

/**
 * The first time that readings prove that people drew water, over all meters of a home; undefined where none do.
 *
 * It is told to reassure somebody, so every doubt is silence: a stretch of more than two hours says no time, a meter of
 * which less than 22 hours are known may leak, and one that was not seen standing still before, all night or since a gap,
 * may have been left running. Each meter is
 * looked at by itself, since the edges of another would make its stretches look shorter than they are.
 */
export function firstWaterSeen(
  meters: readonly { readonly intervals: readonly IntervalConsumption[] }[],
  sought: WaterSought,
): WaterSeen | undefined {
  const seen = meters.flatMap((meter) => firstOnMeter(meter, sought) ?? []);
  return seen.toSorted((a, b) => a.toMs - b.toMs || a.fromMs - b.fromMs).at(0);
}

function firstOnMeter(
  meter: { readonly intervals: readonly IntervalConsumption[] },
  sought: WaterSought,
): WaterSeen | undefined {
  let knownMs = 0;
  let stoodStill = false;
  for (const span of homeUse([meter])) {
    const { fromMs, toMs, use } = span;
    if (stoodStill && knownMs >= LEAST_KNOWN_MS && isSought(span, sought)) return { fromMs, toMs };
    if (use !== 'unknown') knownMs += toMs - fromMs;
    if (use === 'unknown' || toMs - fromMs > LONGEST_MS) stoodStill = false;
    if (use === 'none' && toMs > sought.beginsFromMs - STILL_WITHIN_MS) stoodStill = true;
  }
  return undefined;
}

function isSought({ fromMs, toMs, use }: UseSpan, { beginsFromMs, endsFromMs }: WaterSought): boolean {
  return use === 'drawn' && fromMs >= beginsFromMs && toMs >= endsFromMs && toMs - fromMs <= LONGEST_MS;
}
