import { MINUTE_MS } from '../time.ts';

/** So many wrong tries, and a code is void. */
export const WRONG_TRIES_UNTIL_VOID = 5;

/** For how long attempts are counted together. */
export const ATTEMPT_WINDOW_MS = 10 * MINUTE_MS;

/**
 * How many wrong attempts at a code are taken in one window: from one network address (behind which may be all phones
 * of a carrier), with the same last four digits of a phone, and from everybody together. What they add up to is worked
 * out in docs/home-check.md.
 */
export const MOST_ATTEMPTS = { address: 20, digits: 10, everybody: 600 } as const;

/** How many forms are taken from one link in one window. */
export const MOST_FORMS_OF_A_LINK = 30;

/** When the window began that `at` lies in. Every window begins at a whole ten minutes. */
export function attemptWindowOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / ATTEMPT_WINDOW_MS) * ATTEMPT_WINDOW_MS);
}

/**
 * Whom an address is counted as: itself, and for IPv6 the network of 64 bits, of which one subscriber has all addresses.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => '0'), ...groups(tail ?? '')];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

const LAST_DIGITS = 4;
const FEWEST_DIGITS_OF_A_PHONE = 7;
const LONGEST_COUNTRY_CODE = 3;

/** Digits of a phone as somebody typed them: without blanks, dashes, plus and the zeros before a whole number. */
export function readPhoneDigits(typed: string): string {
  const digits = typed.normalize('NFKC').replace(/\D/g, '');
  return isWholePhone(digits) ? digits.replace(/^0+/, '') : digits;
}

/** Whether so many digits can be a whole number rather than its last four. */
export function isWholePhone(digits: string): boolean {
  return digits.length >= FEWEST_DIGITS_OF_A_PHONE;
}

/** Whether the digits name this phone (E.164) as exactly as a code of this kind asks for. */
export function namesPhone(digits: string, phone: string, kind: 'letters' | 'digits'): boolean {
  const whole = phone.slice(1);
  const fewest = kind === 'letters' ? LAST_DIGITS : whole.length - LONGEST_COUNTRY_CODE;
  return digits.length >= fewest && whole.endsWith(digits);
}

/** Under what attempts with these digits are counted. */
export function lastDigitsOf(digits: string): string {
  return digits.slice(-LAST_DIGITS);
}
