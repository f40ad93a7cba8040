import { randomStream } from '../../simulator/random.ts';
import type { Arrival } from './arrivals.ts';
import type { FalseAlarm, Outcome } from './evaluate.ts';
import type { Injection } from './injections.ts';
import type { Rule } from './rule.ts';

/** How a rule did on one home. */
export interface HomeScore {
  readonly years: number;
  readonly falseAlarms: readonly FalseAlarm[];
  readonly outcomes: readonly Outcome[];
}

/** One line of the result: a rule, an injection and a way of arriving. Hours count from the onset to the arrival of the reading that told. */
export interface ScoreRow {
  readonly rule: string;
  readonly injection: string;
  readonly arrival: Arrival;
  readonly households: number;
  readonly householdYears: number;
  readonly injections: number;
  readonly faAll: number;
  /** In which 95 % of resamples of the homes fall; so for the other bounds. */
  readonly faAllBounds: readonly [number, number];
  readonly faShort: number;
  readonly faAnnounced: number;
  readonly ttdMedian: number | null;
  readonly ttdMedianBounds: readonly [number, number] | null;
  readonly ttdMean: number | null;
  readonly ttdP90: number | null;
  /** The median by the meter's clock. */
  readonly ttdReadingMedian: number | null;
  readonly within12: number | null;
  readonly within18: number | null;
  readonly within24: number | null;
  readonly missed96: number | null;
  readonly alarmsEach: number;
}

const RESAMPLES = 400;

/**
 * Adds up the homes. Missed incidents count as 96 hours in the mean and the quantiles. With announced absences no rule
 * of stillness speaks during one. What should not be told has no hours and shares: only how many alarms it raised.
 */
export function scoreRow(
  names: { readonly rule: string; readonly injection: string; readonly arrival: Arrival },
  { listensFor, calls }: { readonly listensFor: Rule['listensFor']; readonly calls: Injection['calls'] },
  homes: readonly HomeScore[],
): ScoreRow {
  const outcomes = homes.flatMap((home) => home.outcomes);
  const told = calls === 'harmless' ? [] : outcomes;
  const hours = told.map(({ arrivalHours }) => arrivalHours ?? 96).sort((a, b) => a - b);
  const readingHours = told.map((outcome) => outcome.readingHours ?? 96).sort((a, b) => a - b);
  const years = sum(homes.map((home) => home.years));
  const count = (isCounted: (alarm: FalseAlarm) => boolean) => alarmsAYear(homes, isCounted);
  const short = count(({ isAbsence }) => !isAbsence);
  const all = count(() => true);
  return {
    ...names,
    households: homes.length,
    householdYears: rounded(years),
    injections: outcomes.length,
    faAll: rounded(all),
    faAllBounds: bounds(homes, (sample) => alarmsAYear(sample, () => true)),
    faShort: rounded(short),
    faAnnounced: rounded(listensFor.includes('stillness') ? short : all),
    ttdMedian: quantileOf(hours, 0.5),
    ttdMedianBounds: hours.length === 0 ? null : bounds(homes, medianHours),
    ttdMean: hours.length === 0 ? null : rounded(sum(hours) / hours.length),
    ttdP90: quantileOf(hours, 0.9),
    ttdReadingMedian: quantileOf(readingHours, 0.5),
    within12: shareOf(told, 12),
    within18: shareOf(told, 18),
    within24: shareOf(told, 24),
    missed96: told.length === 0 ? null : rounded(1 - (shareOf(told, 96) ?? 0), 4),
    alarmsEach: rounded(sum(outcomes.map(({ alarms }) => alarms)) / Math.max(1, outcomes.length), 3),
  };
}

function alarmsAYear(homes: readonly HomeScore[], isCounted: (alarm: FalseAlarm) => boolean): number {
  const alarms = sum(homes.map(({ falseAlarms }) => falseAlarms.filter(isCounted).length));
  return alarms / Math.max(sum(homes.map(({ years }) => years)), 1e-9);
}

function medianHours(homes: readonly HomeScore[]): number {
  const hours = homes.flatMap(({ outcomes }) => outcomes.map(({ arrivalHours }) => arrivalHours ?? 96));
  return (
    quantileOf(
      hours.sort((a, b) => a - b),
      0.5,
    ) ?? 96
  );
}

/** Resamples whole homes, since the readings of one home resemble each other. */
function bounds(homes: readonly HomeScore[], figureOf: (sample: readonly HomeScore[]) => number): [number, number] {
  const chance = randomStream('bootstrap');
  const figures = Array.from({ length: RESAMPLES }, () => figureOf(homes.map(() => chance.pick(homes))));
  figures.sort((a, b) => a - b);
  return [quantileOf(figures, 0.025) ?? 0, quantileOf(figures, 0.975) ?? 0];
}

function shareOf(outcomes: readonly Outcome[], hours: number): number | null {
  if (outcomes.length === 0) return null;
  const found = outcomes.filter(({ arrivalHours = Infinity }) => arrivalHours <= hours).length;
  return rounded(found / outcomes.length, 4);
}

function quantileOf(sorted: readonly number[], share: number): number | null {
  const figure = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return figure === undefined ? null : rounded(figure);
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}

function rounded(figure: number, digits = 2): number {
  return Number(figure.toFixed(digits));
}
