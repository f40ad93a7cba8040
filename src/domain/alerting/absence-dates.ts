import { addDays, localDateOf, startOfLocalDay } from '../local-day.ts';
import { DAY_MS } from '../time.ts';
import type { Cause, Outcome } from './outcome.ts';

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

/** For how long a home is taken for empty whose person is in hospital: nobody knows until when. Water ends it sooner. */
const IN_HOSPITAL_DAYS = 7;

/** Until when a home is empty by an answer given at `at`; undefined for an answer that says nothing of the kind. */
export function emptyUntil(
  {
    outcome,
    cause,
    awayUntil,
  }: { readonly outcome: Outcome; readonly cause?: Cause | undefined; readonly awayUntil?: Date | undefined },
  at: Date,
): Date | undefined {
  if (outcome === 'away') return awayUntil;
  return outcome === 'false_alarm' && cause === 'hospital'
    ? new Date(at.getTime() + IN_HOSPITAL_DAYS * DAY_MS)
    : undefined;
}
