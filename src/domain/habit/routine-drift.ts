import { median } from '../median.ts';
import type { HabitDay } from './habit-day.ts';

/** What a day is compared by. */
export const DRIFT_MEASURES = ['litres', 'hours'] as const;
export type DriftMeasure = (typeof DRIFT_MEASURES)[number];

/** That people use less water, or in fewer hours, than they used to. Advice for a person, never an alarm. */
export interface RoutineDrift {
  readonly measure: DriftMeasure;
  /** How far the days have fallen short of what is usual, added up; above 5 it is told. */
  readonly cusum: number;
  /** The beginning of the first day that fell short. */
  readonly sinceMs: number;
  /** What is usual a day, and what the days since then had in the middle. */
  readonly usual: number;
  readonly lately: number;
  readonly days: number;
}

const REFERENCE_DAYS = 28;
const LEAST_REFERENCE_DAYS = 14;
const LEAST_KNOWN_HOURS = 20;
const LONGEST_DAYS = 28;
const SLACK = 0.5;
const TOLD_ABOVE = 5;
/** The standard deviation of a normal distribution is so many times its median absolute deviation. */
const SD_OF_MAD = 1.4826;
/** Nobody lives by the clock: a spread smaller than this is chance. On a logarithmic scale of litres, and in hours. */
const LEAST_SPREAD = { litres: 0.25, hours: 1 } as const;

/**
 * Compares each day's litres, as log(1 + litres), and its hours of use with the 28 days before it, by median and median
 * absolute deviation, and adds up how far days fall short: C = max(0, C - z - 0.5), told above 5 (a one-sided CUSUM, Page
 * 1954). While C is above 0 the reference stays what it was, for four weeks at most: then the new way is the usual one.
 *
 * @param days a home's days in the order of time, absences left out
 * @param leftOut whether a day says nothing of what people usually do
 */
export function routineDrifts(days: readonly HabitDay[], leftOut: (day: HabitDay) => boolean): RoutineDrift[] {
  const known = days.filter((day) => day.knownHours >= LEAST_KNOWN_HOURS && !leftOut(day));
  return DRIFT_MEASURES.flatMap((measure) => driftOf(known, measure) ?? []);
}

function driftOf(days: readonly HabitDay[], measure: DriftMeasure): RoutineDrift | undefined {
  const amounts = days.map((day) => amountOf(day, measure));
  let cusum = 0;
  let first = 0;
  for (const [i, amount] of amounts.entries()) {
    if (i - first >= LONGEST_DAYS) cusum = 0;
    if (cusum === 0) first = i;
    const reference = amounts.slice(Math.max(0, first - REFERENCE_DAYS), first);
    if (reference.length < LEAST_REFERENCE_DAYS) continue;
    cusum = Math.max(0, cusum - (amount - median(reference)) / spreadOf(reference, measure) - SLACK);
  }
  const reference = amounts.slice(Math.max(0, first - REFERENCE_DAYS), first);
  if (cusum <= TOLD_ABOVE) return undefined;
  const told = (amount: number) => (measure === 'litres' ? Math.round(Math.expm1(amount)) : Math.round(amount));
  return {
    measure,
    cusum: Math.round(cusum * 10) / 10,
    sinceMs: days[first]?.startMs ?? 0,
    usual: told(median(reference)),
    lately: told(median(amounts.slice(first))),
    days: amounts.length - first,
  };
}

function amountOf({ litres, hoursOfUse }: HabitDay, measure: DriftMeasure): number {
  return measure === 'litres' ? Math.log1p(litres) : hoursOfUse;
}

function spreadOf(reference: readonly number[], measure: DriftMeasure): number {
  const middle = median(reference);
  const deviation = median(reference.map((amount) => Math.abs(amount - middle)));
  return Math.max(LEAST_SPREAD[measure], SD_OF_MAD * deviation);
}
