import { DAY_MS, MINUTE_MS } from '../time.ts';

/** A stretch of the home's day in which texts that can wait do wait; it may pass midnight. Minutes of the day. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly untilMinute: number;
}

const DAY_MINUTES = DAY_MS / MINUTE_MS;

/**
 * When the quiet hours that `at` falls into end in the home's zone; undefined outside of them.
 *
 * Where the clocks change in between, the end is still that time on the clock.
 */
export function quietUntil({ fromMinute, untilMinute }: QuietHours, at: Date, timeZone: string): Date | undefined {
  const minute = minuteOfDay(at, timeZone);
  const isQuiet =
    fromMinute < untilMinute
      ? minute >= fromMinute && minute < untilMinute
      : fromMinute !== untilMinute && (minute >= fromMinute || minute < untilMinute);
  if (!isQuiet) return undefined;
  const wholeMinute = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
  const end = new Date(wholeMinute + ((untilMinute - minute + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS);
  return new Date(end.getTime() + clockChangeMs(untilMinute, end, timeZone));
}

/** How far the clock there is from the time that was aimed at: nothing, but for the night of a change of clocks. */
function clockChangeMs(aimedAt: number, end: Date, timeZone: string): number {
  const off = (aimedAt - minuteOfDay(end, timeZone) + DAY_MINUTES) % DAY_MINUTES;
  return (off > DAY_MINUTES / 2 ? off - DAY_MINUTES : off) * MINUTE_MS;
}

function minuteOfDay(at: Date, timeZone: string): number {
  const format = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  const [hours = 0, minutes = 0] = new Intl.DateTimeFormat('en-GB', format).format(at).split(':').map(Number);
  return hours * 60 + minutes;
}
