import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';

/** `2026-11-23 11:00`, with `T` or `/` where others write them, with seconds or without; or `20261123110000`. */
const SPELLINGS = [
  /^(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/,
  /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/,
];

/**
 * Reads times as the clocks on the walls of `timeZone` (IANA) show them. The answer are the moments at which they do, in
 * milliseconds since 1970: one as a rule, two in the hour that autumn repeats, none in the hour that spring leaves out
 * and for what is no date.
 *
 * @throws RangeError for a zone that does not exist.
 */
export function wallClockIn(timeZone: string): (shown: string) => readonly number[] {
  const formatter = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (atMs: number) => offsetIn(formatter, atMs);
  return (shown) => {
    const asUtcMs = asIfUtc(shown);
    if (asUtcMs === undefined) return [];
    // Clocks are changed by less than a day, and not twice within two.
    const offsets = new Set([offsetAt(asUtcMs - DAY_MS), offsetAt(asUtcMs + DAY_MS)]);
    return [...offsets].filter((offset) => offsetAt(asUtcMs - offset) === offset).map((offset) => asUtcMs - offset);
  };
}

function asIfUtc(shown: string): number | undefined {
  const parts = SPELLINGS.map((spelling) => spelling.exec(shown)).find((match) => match !== null);
  if (!parts) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00', fraction = ''] = parts;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const ms = Date.parse(text);
  // 30 February is taken for a day in March by some, and for no date here.
  return Number.isNaN(ms) || new Date(ms).toISOString() !== text ? undefined : ms;
}

function offsetIn(formatter: Intl.DateTimeFormat, atMs: number): number {
  const name = formatter.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const sizeMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '-' ? -sizeMs : sizeMs;
}
