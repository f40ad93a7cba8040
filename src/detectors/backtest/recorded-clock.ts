import { type LocalCalendar, localCalendar } from '../../domain/local-calendar.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, QUARTER_HOUR_MS, SECOND_MS } from '../../domain/time.ts';

/** The wall clocks of one time zone, fast enough for millions of questions. */
export interface RecordedClock {
  readonly calendar: LocalCalendar;
  /** The moment of a wall-clock time `2016-03-01 00:57:10`; where it exists twice, the first that is after `afterMs`; NaN for what is none. */
  readonly momentOf: (localTime: string, afterMs?: number) => number;
  /** What wall clocks show at a moment, as if it were UTC, in milliseconds. */
  readonly shownAt: (atMs: number) => number;
}

/** Offsets change at full quarters of an hour, and on few days of a year: most days are asked about at their edges alone. */

/** The clocks of `zone` (IANA). */
export function recordedClock(zone: string): RecordedClock {
  const formatter = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsets = new Map<number, number>();
  const ask = (atMs: number): number => {
    const known = offsets.get(atMs) ?? offsetOf(formatter, atMs);
    offsets.set(atMs, known);
    return known;
  };
  const offsetAt = (atMs: number): number => {
    const day = Math.floor(atMs / DAY_MS) * DAY_MS;
    const atStart = ask(day);
    return atStart === ask(day + DAY_MS) ? atStart : ask(Math.floor(atMs / QUARTER_HOUR_MS) * QUARTER_HOUR_MS);
  };
  return {
    calendar: localCalendar(zone),
    shownAt: (atMs) => atMs + offsetAt(atMs),
    momentOf: (localTime, afterMs = -Infinity) => {
      const shownMs = Date.parse(`${localTime.replace(' ', 'T')}Z`);
      if (Number.isNaN(shownMs)) return NaN;
      const early = shownMs - offsetAt(shownMs - 12 * HOUR_MS);
      const late = shownMs - offsetAt(shownMs + 12 * HOUR_MS);
      if (early === late) return early;
      const real = [Math.min(early, late), Math.max(early, late)].filter((ms) => ms + offsetAt(ms) === shownMs);
      return real.find((ms) => ms > afterMs) ?? real.at(-1) ?? late;
    },
  };
}

function offsetOf(formatter: Intl.DateTimeFormat, atMs: number): number {
  const name = formatter.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const sizeMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '-' ? -sizeMs : sizeMs;
}
