import { addDays, localDateOf } from '../local-day.ts';
import { wallClockIn } from '../wall-clock.ts';

const TIME_OF_DAY = /^([01]?\d|2[0-3])[:：.]([0-5]\d)$/;

/**
 * The last moment at or before `at` at which the clocks of `timeZone` showed a time of day, as in `08:30`: whoever
 * answers at one in the morning that they were there at eleven means yesterday. Undefined for what is no time of day,
 * and for one that the last two days did not have.
 */
export function lastTimeOfDay(shown: string, at: Date, timeZone: string): Date | undefined {
  const [, hour = '', minute = ''] = TIME_OF_DAY.exec(shown.trim()) ?? [];
  if (minute === '') return undefined;
  const momentsAt = wallClockIn(timeZone);
  const today = localDateOf(at, timeZone);
  const moments = [today, addDays(today, -1)].flatMap((day) => momentsAt(`${day} ${hour.padStart(2, '0')}:${minute}`));
  const past = moments.filter((atMs) => atMs <= at.getTime());
  return past.length === 0 ? undefined : new Date(Math.max(...past));
}
