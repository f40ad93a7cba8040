import { randomStream } from '../../simulator/random.ts';
import type { Arrival } from './arrivals.ts';
import type { Injection } from './injections.ts';
import type { HomeScore } from './judge-recorded-home.ts';
import { isHarmlessTo, type Outcome } from './play.ts';
import type { Rule } from './rules/rule.ts';

type Bounds = readonly [low: number, high: number];

/**
 * One line of the result: a rule, an injection and a way of arriving. Hours count from the onset, by the meter's clock, to
 * the reading at which the alarm began; in `arrival...` until it was told.
 */
export interface ScoreRow {
  readonly rule: string;
  readonly injection: string;
  readonly arrival: Arrival;
  readonly households: number;
  readonly householdYears: number;
  readonly injections: number;
  /** False alarms a household-year of known time: all, those outside absences, and those where absences were announced. */
  readonly faAll: number;
  readonly faShort: number;
  readonly faAnnounced: number;
  /** Missed ones count as the whole horizon of 96 hours. */
  readonly ttdMedian: number | null;
  readonly ttdMean: number | null;
  readonly ttdP90: number | null;
  readonly within12: number | null;
  readonly within18: number | null;
  readonly within24: number | null;
  /** Leaks and silences are judged by this: a day, and two hours' leave. */
  readonly within26: number | null;
  readonly missed96: number | null;
  readonly arrivalMedian: number | null;
  readonly arrivalMean: number | null;
  readonly arrivalP90: number | null;
  /** Alarms for each time it was played. */
  readonly alarmsEach: number;
  /** In which 95 % of resamples of the homes fall; so for the other bounds. */
  readonly faAllBounds: Bounds;
  readonly faShortBounds: Bounds;
  readonly faAnnouncedBounds: Bounds;
  readonly ttdMedianBounds: Bounds | null;
  readonly ttdMeanBounds: Bounds | null;
  readonly within24Bounds: Bounds | null;
}

const HORIZON_HOURS = 96;
const RESAMPLES = 400;

/** A name for the row, the rule and the injection it is about. */
export interface RowOf {
  readonly rule: Pick<Rule, 'name' | 'listensFor'>;
  readonly injection: Pick<Injection, 'name' | 'calls'>;
  readonly arrival: Arrival;
}

/** Adds up the homes. What should not be told has no hours and shares: only how many alarms it raised. */
export function scoreRow({ rule, injection, arrival }: RowOf, homes: readonly HomeScore[]): ScoreRow {
  const outcomes = homes.flatMap((home) => home.outcomes);
  const isTimed = !isHarmlessTo(rule, injection);
  const arrivals = timesOf(isTimed ? homes : [], ({ arrivalHours }) => arrivalHours);
  const resamples = resamplesOf(homes.length);
  const aYear = (count: (home: HomeScore) => number) => rateOf(homes, resamples, count);
  const all = aYear((home) => home.all);
  const short = aYear((home) => home.short);
  const announced = aYear((home) => home.announced);
  return {
    rule: rule.name,
    injection: injection.name,
    arrival,
    households: homes.length,
    householdYears: rounded(sum(homes.map((home) => home.years))),
    injections: outcomes.length,
    faAll: all.figure,
    faShort: short.figure,
    faAnnounced: announced.figure,
    ...timed(
      timesOf(isTimed ? homes : [], ({ hours }) => hours),
      resamples,
    ),
    arrivalMedian: quantileOf(arrivals, 0.5),
    arrivalMean: arrivals.length === 0 ? null : rounded(sum(arrivals.map(({ hours }) => hours)) / arrivals.length),
    arrivalP90: quantileOf(arrivals, 0.9),
    alarmsEach: rounded(sum(outcomes.map(({ alarms }) => alarms)) / Math.max(1, outcomes.length), 3),
    faAllBounds: all.bounds,
    faShortBounds: short.bounds,
    faAnnouncedBounds: announced.bounds,
  };
}

/** How long one incident took to find, and in which home. */
interface Time {
  readonly home: number;
  readonly hours: number;
}

/** In the order of the hours; missed ones count as the whole horizon. */
function timesOf(homes: readonly HomeScore[], hoursOf: (outcome: Outcome) => number | undefined): Time[] {
  const times = homes.flatMap(({ outcomes }, home) =>
    outcomes.map((outcome) => ({ home, hours: Math.min(HORIZON_HOURS + 1, hoursOf(outcome) ?? HORIZON_HOURS + 1) })),
  );
  return times.sort((a, b) => a.hours - b.hours);
}

type Timed = Pick<
  ScoreRow,
  | 'ttdMedian'
  | 'ttdMean'
  | 'ttdP90'
  | 'within12'
  | 'within18'
  | 'within24'
  | 'within26'
  | 'missed96'
  | 'ttdMedianBounds'
  | 'ttdMeanBounds'
  | 'within24Bounds'
>;

function timed(times: readonly Time[], resamples: readonly Uint16Array[]): Timed {
  const share = (hours: number) => (times.length === 0 ? null : rounded(shareWithin(times, hours), 4));
  const none = times.length === 0;
  const bounds = none ? undefined : timeBounds(times, resamples);
  return {
    ttdMedian: quantileOf(times, 0.5),
    ttdMean: none ? null : rounded(sum(times.map(counted)) / times.length),
    ttdP90: quantileOf(times, 0.9),
    within12: share(12),
    within18: share(18),
    within24: share(24),
    within26: share(26),
    missed96: none ? null : rounded(1 - shareWithin(times, HORIZON_HOURS), 4),
    ttdMedianBounds: bounds?.median ?? null,
    ttdMeanBounds: bounds?.mean ?? null,
    within24Bounds: bounds?.within24 ?? null,
  };
}

/** A minute's leave: meters' clocks wander by seconds. */
const LEEWAY_HOURS = 1 / 60;

function counted({ hours }: Time): number {
  return Math.min(HORIZON_HOURS, hours);
}

function shareWithin(times: readonly Time[], hours: number): number {
  return times.filter((time) => time.hours <= hours + LEEWAY_HOURS).length / times.length;
}

/** How often each home is drawn in each resample: whole homes, since the readings of one home resemble each other. */
const drawn = new Map<number, readonly Uint16Array[]>();

function resamplesOf(homes: number): readonly Uint16Array[] {
  let resamples = drawn.get(homes);
  if (!resamples) {
    const chance = randomStream('bootstrap', homes);
    resamples = Array.from({ length: RESAMPLES }, () => {
      const times = new Uint16Array(homes);
      for (let i = 0; i < homes; i += 1) {
        const home = chance.whole(0, homes - 1);
        times[home] = (times[home] ?? 0) + 1;
      }
      return times;
    });
    drawn.set(homes, resamples);
  }
  return resamples;
}

function rateOf(
  homes: readonly HomeScore[],
  resamples: readonly Uint16Array[],
  count: (home: HomeScore) => number,
): { readonly figure: number; readonly bounds: Bounds } {
  const rate = (weightOf: (home: number) => number) => {
    let alarms = 0;
    let years = 0;
    homes.forEach((home, i) => {
      alarms += weightOf(i) * count(home);
      years += weightOf(i) * home.years;
    });
    return alarms / Math.max(years, 1e-9);
  };
  return {
    figure: rounded(rate(() => 1)),
    bounds: boundsOf(resamples.map((times) => rate((home) => times[home] ?? 0))),
  };
}

function timeBounds(times: readonly Time[], resamples: readonly Uint16Array[]) {
  const medians: number[] = [];
  const means: number[] = [];
  const shares: number[] = [];
  for (const weights of resamples) {
    let total = 0;
    let hours = 0;
    let within = 0;
    for (const time of times) {
      const weight = weights[time.home] ?? 0;
      total += weight;
      hours += weight * counted(time);
      if (time.hours <= 24 + LEEWAY_HOURS) within += weight;
    }
    if (total === 0) continue;
    medians.push(weightedMedian(times, weights, total));
    means.push(hours / total);
    shares.push(within / total);
  }
  return { median: boundsOf(medians), mean: boundsOf(means), within24: boundsOf(shares, 4) };
}

function weightedMedian(times: readonly Time[], weights: Uint16Array, total: number): number {
  let passed = 0;
  for (const time of times) {
    passed += weights[time.home] ?? 0;
    if (passed > total / 2) return counted(time);
  }
  return HORIZON_HOURS;
}

function boundsOf(figures: number[], digits = 2): Bounds {
  figures.sort((a, b) => a - b);
  const at = (share: number) => figures[Math.min(figures.length - 1, Math.floor(share * figures.length))] ?? 0;
  return [rounded(at(0.025), digits), rounded(at(0.975), digits)];
}

function quantileOf(sorted: readonly Time[], share: number): number | null {
  const time = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return time === undefined ? null : rounded(counted(time));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}

function rounded(figure: number, digits = 2): number {
  return Number(figure.toFixed(digits));
}
