import { intervalsOf } from '../../src/domain/metering/interval-consumption.ts';
import type { IntervalConsumption } from '../../src/domain/metering/interval-consumption.ts';
import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { randomStream } from '../../simulator/random.ts';
import { firstWhere } from '../../src/domain/bisect.ts';
import { HORIZON_MS } from './injections.ts';
import { inTimeOrder } from './look.ts';
import { isKnown } from '../../src/domain/habit/base-flow.ts';
import { ABSENCE_MS, isUse } from './past-use.ts';
import type { RecordedHome } from '../../src/detectors/backtest/read-homes.ts';

/** Learning time at the beginning of each home, in which nothing is counted. */
const WARM_UP_MS = 28 * DAY_MS;
const LEAST_JUDGED_MS = 30 * DAY_MS;
/** A person is at home, as far as the water can tell, while the last use is no older than this. */
const RECENT_USE_MS = 12 * HOUR_MS;
const HOUR_TRAITS = { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined };

/** A home's real readings and what they say of its people, whatever leaks. */
export interface Recording {
  readonly meter: string;
  readonly readings: readonly RegisterReading[];
  /** From here on what is said counts. */
  readonly judgedFromMs: number;
  /** The time for which water is known from then on, in years. */
  readonly years: number;
  /** Full hours at which somebody was at home not long ago, the same ones every time. */
  readonly onsetsMs: readonly number[];
  /** Times of more than 36 hours without any water, in order. */
  readonly absences: readonly Absence[];
}

export interface Absence {
  /** The last use before it. */
  readonly fromMs: number;
  /** The first use after it, or the gap in which it must lie; Infinity where the readings end. */
  readonly untilMs: number;
}

/** Prepares a home; undefined for one too short to learn from and to be judged in. */
export function recordingOf({ meter, readings: real }: RecordedHome, injections: number): Recording | undefined {
  const readings = inTimeOrder(real);
  const judgedFromMs = (readings[0]?.readAtMs ?? 0) + WARM_UP_MS;
  if ((readings.at(-1)?.readAtMs ?? 0) - judgedFromMs < LEAST_JUDGED_MS) return undefined;
  const intervals = intervalsOf(readings, HOUR_TRAITS);
  const judged = intervals.filter((interval) => interval.fromMs >= judgedFromMs && isKnown(interval));
  return {
    meter,
    readings,
    judgedFromMs,
    years: judged.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) / (365.25 * DAY_MS),
    onsetsMs: onsetsOf(meter, intervals, judgedFromMs, injections),
    absences: absencesOf(intervals),
  };
}

/** The absence that a moment lies in. */
export function absenceAt(absences: readonly Absence[], atMs: number): Absence | undefined {
  const next = absences[firstWhere(absences, ({ untilMs }) => untilMs >= atMs)];
  return next && next.fromMs < atMs ? next : undefined;
}

function onsetsOf(
  meter: string,
  intervals: readonly IntervalConsumption[],
  fromMs: number,
  count: number,
): readonly number[] {
  const lastMs = (intervals.at(-1)?.toMs ?? 0) - HORIZON_MS;
  const candidates: number[] = [];
  let lastUseMs = -Infinity;
  for (const interval of intervals) {
    if (isUse(interval)) lastUseMs = interval.toMs;
    const isHeard = interval.kind === 'measured' && interval.toMs >= fromMs && interval.toMs <= lastMs;
    if (isHeard && interval.toMs - lastUseMs <= RECENT_USE_MS) candidates.push(interval.toMs);
  }
  // Drawn without putting back: the first of a few are the first of many.
  const chance = randomStream('onsets', meter);
  const drawn = candidates.map((atMs) => ({ atMs, place: chance.fraction() })).sort((a, b) => a.place - b.place);
  return drawn.slice(0, count).map(({ atMs }) => atMs);
}

function absencesOf(intervals: readonly IntervalConsumption[]): Absence[] {
  const absences: Absence[] = [];
  let lastUseMs = intervals[0]?.fromMs ?? 0;
  for (const interval of intervals) {
    if (!isUse(interval)) continue;
    if (interval.fromMs - lastUseMs > ABSENCE_MS) absences.push({ fromMs: lastUseMs, untilMs: interval.toMs });
    lastUseMs = interval.toMs;
  }
  absences.push({ fromMs: lastUseMs, untilMs: Infinity });
  return absences;
}
