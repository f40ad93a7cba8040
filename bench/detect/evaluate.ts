import { intervalsOf } from '../../src/domain/metering/interval-consumption.ts';
import type { IntervalConsumption } from '../../src/domain/metering/interval-consumption.ts';
import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import type { Excuse } from '../../src/detectors/home-series.ts';
import { litres } from '../../src/domain/metering/units.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { randomStream } from '../../simulator/random.ts';
import { type Arrival, type Delivery, deliveriesOf } from './arrivals.ts';
import { isUse } from './inactivity-limits.ts';
import { HORIZON_MS, type Injection } from './injections.ts';
import { type KnownSeries, knownSeries } from './known-series.ts';
import type { RecordedHome } from './read-homes.ts';
import type { Judge, Rule } from './rule.ts';
import type { WallClock } from './wall-clock.ts';

/** Learning time at the beginning of each home, in which nothing is counted. */
const WARM_UP_MS = 28 * DAY_MS;
/** A person is at home, as far as the water can tell, while the last use is no older than this. */
const RECENT_USE_MS = 12 * HOUR_MS;
/** Longer without water is an absence. */
const ABSENCE_MS = 36 * HOUR_MS;
/** A longer gap is time of which nobody can be blamed. */
const DEAF_MS = 24 * HOUR_MS;
const HOUR_TRAITS = { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined };

/** A home as one arrival model and one standing leak show it, ready to be judged by rules. */
export interface StagedHome {
  readonly meter: string;
  readonly readings: readonly RegisterReading[];
  readonly deliveries: readonly Delivery[];
  readonly intervals: readonly IntervalConsumption[];
  readonly years: number;
  readonly onsetsMs: readonly number[];
  readonly judges: readonly { readonly rule: Rule; readonly judge: Judge }[];
}

/** Prepares a home; undefined for one too short to learn from and to be judged in. */
export function stageHome(
  { meter, readings: real }: RecordedHome,
  leak: number,
  arrival: Arrival,
  rules: readonly Rule[],
  clock: WallClock,
  injections: number,
): StagedHome | undefined {
  const startMs = real[0]?.readAtMs ?? 0;
  const endMs = real.at(-1)?.readAtMs ?? 0;
  if (endMs - startMs < WARM_UP_MS + 30 * DAY_MS) return undefined;
  const readings = real.map(({ readAtMs, indexLitres }) => ({
    readAtMs,
    indexLitres: litres(indexLitres + Math.floor(((readAtMs - startMs) / HOUR_MS) * leak)),
  }));
  const intervals = intervalsOf(readings, HOUR_TRAITS);
  const past = { clock, intervals };
  // People's own water decides when somebody is at home, whatever leaks.
  const use = intervalsOf(real, HOUR_TRAITS);
  return {
    meter,
    readings,
    deliveries: deliveriesOf(meter, readings, arrival, clock),
    intervals: use,
    years: heardMs(use, startMs + WARM_UP_MS) / (365.25 * DAY_MS),
    onsetsMs: onsetsOf(meter, use, startMs + WARM_UP_MS, injections),
    judges: rules.map((rule) => ({ rule, judge: rule.judgeFor(past) })),
  };
}

function heardMs(intervals: readonly IntervalConsumption[], fromMs: number): number {
  const heard = intervals.filter(({ fromMs: began, toMs }) => began >= fromMs && toMs - began <= DEAF_MS);
  return heard.reduce((sum, interval) => sum + interval.toMs - interval.fromMs, 0);
}

/** Full hours at which somebody was at home not long ago, always the same ones for the same meter. */
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
  const chance = randomStream('onsets', meter);
  return candidates.length === 0 ? [] : Array.from({ length: count }, () => chance.pick(candidates));
}

/** An alarm that had no reason, and whether it fell into an absence. */
export interface FalseAlarm {
  readonly isAbsence: boolean;
}

/** The alarms each rule raises on a home to which nothing happens, in the order of the home's judges. */
export function falseAlarmsOf(home: StagedHome): FalseAlarm[][] {
  const startMs = (home.readings[0]?.readAtMs ?? 0) + WARM_UP_MS;
  const watches = home.judges.map(({ rule, judge }): Watch => ({
    rule,
    judge,
    isOpen: false,
    heldMs: -Infinity,
    alarms: [],
  }));
  const series = knownSeries([], HOUR_TRAITS);
  for (const { readings } of home.deliveries) {
    series.add(readings);
    const newestMs = series.intervals.at(-1)?.toMs;
    if (newestMs === undefined) continue;
    for (const watch of watches) {
      const isNew = holdsAnew(watch, watch.judge(series.intervals, newestMs), newestMs);
      if (isNew && newestMs >= startMs) watch.alarms.push({ isAbsence: isAbsenceAt(home.intervals, newestMs) });
    }
  }
  return watches.map(({ alarms }) => alarms);
}

/** A rule while a home is replayed to it. */
interface Watch {
  readonly rule: Rule;
  readonly judge: Judge;
  readonly alarms: FalseAlarm[];
  isOpen: boolean;
  heldMs: number;
}

/** Whether an alarm begins that is none of the last ones. */
function holdsAnew(watch: Watch, holds: boolean | undefined, atMs: number): boolean {
  const { isOpen, heldMs, rule } = watch;
  if (holds !== undefined) watch.isOpen = holds;
  if (holds) watch.heldMs = atMs;
  return holds === true && !isOpen && atMs - heldMs > (rule.sameForMs ?? -1);
}

function isAbsenceAt(intervals: readonly IntervalConsumption[], atMs: number): boolean {
  const after = intervals.find((interval) => interval.toMs > atMs && isUse(interval));
  const before = intervals.findLast((interval) => interval.toMs <= atMs && isUse(interval));
  return (after?.fromMs ?? Infinity) - (before?.toMs ?? -Infinity) > ABSENCE_MS;
}

/** What came of one injection by one rule. */
export interface Outcome {
  /** How many alarms were raised; of an incident that was found, the first counts. */
  readonly alarms: number;
  /** From the onset to the arrival of the reading that raised the alarm, in hours; undefined when there was none in time. */
  readonly arrivalHours: number | undefined;
  /** The same by the meter's clock: how old the incident was in the readings that told. */
  readonly readingHours: number | undefined;
}

/**
 * What each rule makes of the injection at one onset; undefined for a rule whose alarm was open already, and for one
 * that does not listen for it. Of an incident the first alarm is all that counts; of what is harmless every one does.
 */
export function outcomesOf(home: StagedHome, injection: Injection, onsetMs: number): (Outcome | undefined)[] {
  const span = readingsAround(home, injection, onsetMs);
  if (!span) return home.judges.map(() => undefined);
  const { calls } = injection;
  const trials = home.judges.map(({ rule, judge }): Trial | undefined => {
    if (calls !== 'harmless' && !rule.listensFor.includes(calls)) return undefined;
    if (judge(span.series.intervals, lastMs(span.series)) === true) return undefined;
    return { judge, isOpen: false, outcome: { alarms: 0, arrivalHours: undefined, readingHours: undefined } };
  });
  const announced = announcedBy(injection, onsetMs);
  for (const { arrivesMs, readings } of span.deliveries) {
    const waiting = trials.filter((trial) => trial && (calls === 'harmless' || trial.outcome.alarms === 0));
    if (waiting.length === 0) break;
    span.series.add(readings);
    const newestMs = lastMs(span.series);
    if (newestMs <= onsetMs) continue;
    for (const trial of waiting) {
      const holds = trial?.judge(span.series.intervals, newestMs, announced);
      if (trial && holds !== undefined)
        note(trial, holds, (arrivesMs - onsetMs) / HOUR_MS, (newestMs - onsetMs) / HOUR_MS);
    }
  }
  return trials.map((trial) => trial?.outcome);
}

/** A rule while an injection is played to it. */
interface Trial {
  readonly judge: Judge;
  isOpen: boolean;
  readonly outcome: Mutable<Outcome>;
}

function note(trial: Trial, holds: boolean, arrivalHours: number, readingHours: number): void {
  const { outcome, isOpen } = trial;
  trial.isOpen = holds;
  if (!holds || isOpen) return;
  outcome.alarms += 1;
  outcome.arrivalHours ??= arrivalHours;
  outcome.readingHours ??= readingHours;
}

function announcedBy({ announcedMs }: Injection, onsetMs: number): Excuse[] {
  return announcedMs === undefined ? [] : [{ kind: 'absence', fromMs: onsetMs, untilMs: onsetMs + announcedMs }];
}

type Mutable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

interface Span {
  readonly series: KnownSeries;
  readonly deliveries: readonly Delivery[];
}

/** What was known at the onset, and what comes after it, changed as the injection says. */
function readingsAround(home: StagedHome, injection: Injection, onsetMs: number): Span | undefined {
  const lookbackMs = Math.max(...home.judges.map(({ rule }) => rule.lookbackHours)) * HOUR_MS + 2 * DAY_MS;
  const first = positionAfter(home.readings, onsetMs - lookbackMs);
  const next = positionAfter(home.readings, onsetMs);
  const end = positionAfter(home.readings, onsetMs + injection.horizonMs);
  const atOnset = home.readings[next - 1];
  if (!atOnset) return undefined;
  const shown = dialOf(injection, atOnset.indexLitres);
  const real = home.readings.slice(next, end);
  const played = injection.apply(real, onsetMs, atOnset.indexLitres);
  const replaced = new Map(real.map((reading, position) => [reading.readAtMs, played[position]]));
  const known = new Set(home.readings.slice(first, next).map(({ readAtMs }) => readAtMs));

  const past: RegisterReading[] = [];
  const deliveries: Delivery[] = [];
  for (const { arrivesMs, readings } of home.deliveries.slice(firstArrival(home, onsetMs - lookbackMs))) {
    if (arrivesMs > onsetMs + injection.horizonMs) break;
    const changed = readings.flatMap((reading) => {
      if (known.has(reading.readAtMs)) return [shown(reading)];
      const instead = replaced.get(reading.readAtMs);
      return instead ? [shown(instead)] : [];
    });
    if (changed.length === 0) continue;
    if (arrivesMs <= onsetMs) past.push(...changed);
    else deliveries.push({ arrivesMs, readings: changed });
  }
  const traits = { ...HOUR_TRAITS, registerCapacityLitres: litresOrNone(injection.dialLitres) };
  return {
    series: knownSeries(
      past.sort((a, b) => a.readAtMs - b.readAtMs),
      traits,
    ),
    deliveries,
  };
}

function litresOrNone(amount: number | undefined) {
  return amount === undefined ? undefined : litres(amount);
}

/** Shows readings on the injection's dial, which turns over 50 litres after the onset. */
function dialOf({ dialLitres }: Injection, atOnset: number): (reading: RegisterReading) => RegisterReading {
  if (dialLitres === undefined) return (reading) => reading;
  return ({ readAtMs, indexLitres }) => {
    const turned = (indexLitres - atOnset + 2 * dialLitres - 50) % dialLitres;
    return { readAtMs, indexLitres: litres(turned) };
  };
}

function lastMs({ intervals }: KnownSeries): number {
  return intervals.at(-1)?.toMs ?? -Infinity;
}

function positionAfter(readings: readonly RegisterReading[], atMs: number): number {
  return firstWhere(readings.length, (position) => (readings[position]?.readAtMs ?? Infinity) > atMs);
}

function firstArrival({ deliveries }: StagedHome, atMs: number): number {
  return firstWhere(deliveries.length, (position) => (deliveries[position]?.arrivesMs ?? Infinity) > atMs);
}

/** Bisection: the first position for which the condition holds, or the length. */
function firstWhere(length: number, holds: (position: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
