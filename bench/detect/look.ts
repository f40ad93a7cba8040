import { type Excuse, homeSeries, type HomeSeries } from '../../src/detectors/home-series.ts';
import type { HomeHabit } from '../../src/domain/habit/home-habit.ts';
import { intervalsOf } from '../../src/domain/metering/interval-consumption.ts';
import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { litres } from '../../src/domain/metering/units.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import type { PastUse } from './past-use.ts';
import type { HoldsAt, Rule } from './rules/rule.ts';

/** What readings of a home say to each of the rules, as far as they were asked. */
export interface Look {
  /** In time order, each time once. */
  readonly readings: readonly RegisterReading[];
  /** Whether a rule's alarm holds at a reading; both by position. */
  readonly holds: (rule: number, reading: number) => boolean | undefined;
}

const NOT_ASKED = 2;
const CANNOT_TELL = -1;

/**
 * Lets each rule look over the readings of a home. A rule asked about a moment rests on readings up to it alone, so one
 * look serves every moment at which all earlier readings had come.
 */
export function lookOver(
  home: HomeSeries,
  past: PastUse,
  rules: readonly Rule[],
  readings: readonly RegisterReading[],
): Look {
  const seen = { home, past };
  const asked: (HoldsAt | undefined)[] = rules.map(() => undefined);
  const answers = rules.map(() => new Int8Array(readings.length).fill(NOT_ASKED));
  return {
    readings,
    holds: (rule, reading) => {
      const known = answers[rule]?.[reading];
      if (known !== undefined && known !== NOT_ASKED) return known === CANNOT_TELL ? undefined : known === 1;
      const holdsAt = (asked[rule] ??= rules[rule]?.lookOver(seen));
      const answer = holdsAt?.(readings[reading]?.readAtMs ?? NaN);
      const row = answers[rule];
      if (row) row[reading] = answer === undefined ? CANNOT_TELL : Number(answer);
      return answer;
    },
  };
}

/** One home's readings as the service's own detectors see them. */
export function seriesOf(
  readings: readonly RegisterReading[],
  { calendar, habit, excuses = [], dialLitres }: SeriesTerms,
): HomeSeries {
  const registerCapacityLitres = dialLitres === undefined ? undefined : litres(dialLitres);
  const intervals = intervalsOf(readings, { nominalIntervalMs: HOUR_MS, registerCapacityLitres });
  const meter = { meterId: 1, boundFromMs: -Infinity, boundUntilMs: Infinity, intervals };
  return homeSeries({ meters: [meter], excuses, calendar, habit });
}

interface SeriesTerms extends Pick<HomeSeries, 'calendar'> {
  /** What is known of the time before the readings. */
  readonly habit: HomeHabit;
  readonly excuses?: readonly Excuse[];
  readonly dialLitres?: number | undefined;
}

/** Readings in the order of time, each time once, as the service keeps them: of two with one time the smaller register. */
export function inTimeOrder(readings: readonly RegisterReading[]): RegisterReading[] {
  const sorted = readings.toSorted((a, b) => a.readAtMs - b.readAtMs || a.indexLitres - b.indexLitres);
  return sorted.filter(({ readAtMs }, position) => sorted[position - 1]?.readAtMs !== readAtMs);
}
