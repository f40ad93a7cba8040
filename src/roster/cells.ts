import { z } from 'zod';
import { normalisePhone } from './normalise-phone.ts';

const missing = 'is missing';
const LONGEST_NAME = 100;

/** A cell that must not be empty. */
const filled = z.string({ error: missing });

export const code = filled
  .normalize('NFC')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._#/-]{0,31}$/u, 'expected up to 32 letters, digits, spaces or . _ # / -');

export const name = filled
  .normalize('NFC')
  .max(LONGEST_NAME, `expected at most ${LONGEST_NAME} characters`)
  .regex(/^\P{Cc}+$/u, 'holds a line break or another control character');

export const serial = filled.regex(/^[A-Za-z0-9._:-]{1,64}$/, 'expected up to 64 letters, digits or . _ : -');

export const position = wholeNumber(1, 20);

export const timeZone = filled.refine(isTimeZone, 'expected an IANA time zone, such as Asia/Shanghai');

/** A day (its midnight where the home is) or an instant; kept as text, because only the home's zone gives it meaning. */
export const dayOrInstant = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a day such as 2026-03-01, or a time with its zone such as 2026-03-01T08:00:00+08:00',
});

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const DUTY_DAY = { error: 'expected mon, tue, wed, thu, fri, sat, sun or a day such as 2026-02-17' };

/** A day of every week as its number (1 is Monday), or a date. */
export const dutyDay = z.union(
  [z.enum(WEEKDAYS, DUTY_DAY).transform((day) => WEEKDAYS.indexOf(day) + 1), z.iso.date(DUTY_DAY)],
  DUTY_DAY,
);

/** A time by the clock on the wall, as minutes since midnight. */
export const wallClock = filled
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time such as 08:30')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

export const yesOrNo = z.enum(['yes', 'no'], { error: 'expected yes or no' }).transform((word) => word === 'yes');

export function wholeNumber(least: number, greatest: number) {
  return filled
    .regex(/^\d{1,15}$/, `expected a whole number from ${least} to ${greatest}`)
    .transform(Number)
    .refine((given) => given >= least && given <= greatest, `expected a whole number from ${least} to ${greatest}`);
}

export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) =>
      input === undefined ? missing : `expected ${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`,
  });
}

/** A mobile number of one of `countries`, in E.164. */
export function phone(countries: readonly string[]) {
  return filled.transform((text, context) => {
    const normalised = normalisePhone(text, countries);
    if (normalised !== undefined) return normalised;
    context.addIssue({ code: 'custom', message: `expected a mobile number of ${countries.join(' or ')}` });
    return z.NEVER;
  });
}

/** Offsets such as +08:00 are refused: the database reads their sign the other way round. */
function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
