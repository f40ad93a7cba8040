import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';

/** The date that people in `timeZone` (IANA) see on the calendar at `at`: `2026-03-01`. */
export function localDateOf(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetMs(at, timeZone)).toISOString().slice(0, 10);
}

/** The calendar date so many days later. */
export function addDays(localDate: string, days: number): string {
  return new Date(midnightUtcMs(localDate) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The moment a calendar date begins in `timeZone`: midnight, or the first moment after it where a clock jumps over it. */
export function startOfLocalDay(localDate: string, timeZone: string): Date {
  const midnightMs = midnightUtcMs(localDate);
  const firstMs = midnightMs - offsetMs(new Date(midnightMs), timeZone);
  const offset = offsetMs(new Date(firstMs), timeZone);
  const secondMs = midnightMs - offset;
  const isSettled = offsetMs(new Date(secondMs), timeZone) === offset;
  return new Date(isSettled ? secondMs : Math.max(firstMs, secondMs));
}

function midnightUtcMs(localDate: string): number {
  return new Date(`${localDate}T00:00:00Z`).getTime();
}

/** Making one costs a hundred times as much as asking it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far the wall clocks of a zone are ahead of UTC at a moment. */
function offsetMs(at: Date, timeZone: string): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    formatters.set(timeZone, formatter);
  }
  const name = formatter.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const sizeMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '-' ? -sizeMs : sizeMs;
}
