import { DAY_MS } from '../src/domain/time.ts';

/** The town's wall calendar. A day is named by its number: days since 1 January 1970, by the town's own clocks. */
export interface Calendar {
  readonly dayOf: (atMs: number) => number;
  /** The moment day number `day` begins. */
  readonly midnightMs: (day: number) => number;
  /** The date of a moment, as in 2026-03-01. */
  readonly dateOf: (atMs: number) => string;
}

/** The calendar of an IANA time zone. Throws RangeError for a zone that nobody knows. */
export function calendarOf(timeZone: string): Calendar {
  const offsetMs = offsetReader(timeZone);
  const midnights = new Map<number, number>();
  const midnightMs = (day: number) => {
    const known = midnights.get(day) ?? localMidnight(day, offsetMs);
    midnights.set(day, known);
    return known;
  };
  const dayOf = (atMs: number) => Math.floor((atMs + offsetMs(atMs)) / DAY_MS);
  return { dayOf, midnightMs, dateOf: (atMs) => new Date(dayOf(atMs) * DAY_MS).toISOString().slice(0, 10) };
}

/** The last midnight at or before `at`, by the clocks of the zone. */
export function midnightBefore(at: Date, timeZone: string): Date {
  const calendar = calendarOf(timeZone);
  return new Date(calendar.midnightMs(calendar.dayOf(at.getTime())));
}

export function isWeekend(day: number): boolean {
  // Day 0 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}

/** The offset in force at midnight is not known before the moment is; a second look settles days on which it changes. */
function localMidnight(day: number, offsetMs: (atMs: number) => number): number {
  const asIfUtc = day * DAY_MS;
  const firstGuess = asIfUtc - offsetMs(asIfUtc);
  return asIfUtc - offsetMs(firstGuess);
}

/** How far the zone's clocks are ahead of UTC, in milliseconds. */
function offsetReader(timeZone: string): (atMs: number) => number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (atMs) => {
    const shown = new Map(clock.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => shown.get(name) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - Math.floor(atMs / 1_000) * 1_000;
  };
}
