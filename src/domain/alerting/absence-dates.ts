import { addDays, localDateOf, startOfLocalDay } from '../local-day.ts';

const LONGEST_ABSENCE_DAYS = 60;

/** The earliest and the latest date that may be the last day of an absence, both included: `2026-03-02`. */
export interface LastDays {
  readonly earliest: string;
  readonly latest: string;
}

/** Which last days may be declared at `at`, by the home's own calendar: tomorrow, and up to 60 days from today. */
export function lastDaysAt(at: Date, timeZone: string): LastDays {
  const today = localDateOf(at, timeZone);
  return { earliest: addDays(today, 1), latest: addDays(today, LONGEST_ABSENCE_DAYS) };
}

/** Dates compare as text: both are written year first. */
export function isLastDay(localDate: string, { earliest, latest }: LastDays): boolean {
  return localDate >= earliest && localDate <= latest;
}

/**
 * When an absence with a given last day ends: with the end of that day in the home's zone. Somebody whose train comes
 * in the evening must not be missed at noon.
 */
export function absenceEnd(lastDay: string, timeZone: string): Date {
  return startOfLocalDay(addDays(lastDay, 1), timeZone);
}
