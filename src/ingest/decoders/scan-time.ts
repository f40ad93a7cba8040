const DIGIT_0 = 0x30;
const DASH = 0x2d;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const PLUS = 0x2b;
const COLON = 0x3a;
const POINT = 0x2e;
/** What two bytes that are no digits are taken for: more than any part of a time may be. */
const NO_DIGITS = 1_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const YEAR_2000_MS = Date.UTC(2000, 0, 1);
/** In a year that is no leap year. */
const DAYS_BEFORE_MONTH: readonly number[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
const FEBRUARY = 2;

/** The length of a time up to its second: `2026-11-23T11:00:00`. */
export const WALL_CLOCK_BYTES = 19;
/** The length of a fraction of three digits: `.250`. */
export const MILLISECONDS_BYTES = 4;

/**
 * A wall-clock time of this century as it stands in an ISO text, in milliseconds since 1970 as if it were UTC;
 * undefined where something else stands, or a day or an hour that there is not.
 */
export function scanWallClock(bytes: Uint8Array, at: number): number | undefined {
  const dayMs = scanDate(bytes, at);
  const hour = twoDigits(bytes, at + 11);
  const minute = twoDigits(bytes, at + 14);
  const second = twoDigits(bytes, at + 17);
  const isShaped = bytes[at + 10] === LETTER_T && bytes[at + 13] === COLON && bytes[at + 16] === COLON;
  if (dayMs === undefined || !isShaped || hour > 23 || minute > 59 || second > 59) return undefined;
  return dayMs + hour * HOUR_MS + minute * MINUTE_MS + second * 1_000;
}

function scanDate(bytes: Uint8Array, at: number): number | undefined {
  const year = twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  const isShaped = twoDigits(bytes, at) === 20 && bytes[at + 4] === DASH && bytes[at + 7] === DASH;
  if (!isShaped || year > 99 || month < 1 || month > 12 || day < 1) return undefined;
  const dayOfYear = daysBefore(year, month) + day - 1;
  return day > daysBefore(year, month + 1) - daysBefore(year, month)
    ? undefined
    : YEAR_2000_MS + (year * 365 + Math.ceil(year / 4) + dayOfYear) * DAY_MS;
}

/** Days of a year of this century before a month, 13 being the next January. 2100 is out of reach. */
function daysBefore(year: number, month: number): number {
  return (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (year % 4 === 0 && month > FEBRUARY ? 1 : 0);
}

/** A fraction of a second of three digits, in milliseconds; undefined where none stands. */
export function scanMilliseconds(bytes: Uint8Array, at: number): number | undefined {
  const hundredths = twoDigits(bytes, at + 1);
  const thousandths = digitAt(bytes, at + 3);
  if (bytes[at] !== POINT || hundredths === NO_DIGITS || thousandths < 0) return undefined;
  return hundredths * 10 + thousandths;
}

/** The zone of an ISO time, `Z` or `+08:00`, as milliseconds ahead of UTC; undefined where something else stands. */
export function scanOffset(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] === LETTER_Z) return 0;
  const sign = bytes[at] === PLUS ? 1 : bytes[at] === DASH ? -1 : undefined;
  const hours = twoDigits(bytes, at + 1);
  const minutes = twoDigits(bytes, at + 4);
  if (sign === undefined || bytes[at + 3] !== COLON || hours > 23 || minutes > 59) return undefined;
  return sign * (hours * HOUR_MS + minutes * MINUTE_MS);
}

/** The length of the zone that stands there. */
export function offsetBytes(bytes: Uint8Array, at: number): number {
  return bytes[at] === LETTER_Z ? 1 : 6;
}

/** The digit that stands there; negative where there is none. */
export function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - DIGIT_0;
  return digit > 9 ? -1 : digit;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = digitAt(bytes, at);
  const ones = digitAt(bytes, at + 1);
  return tens < 0 || ones < 0 ? NO_DIGITS : tens * 10 + ones;
}
