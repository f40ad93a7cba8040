import { type Litres, litres } from './units.ts';

/**
 * Litres in one unit. All are exact by definition: the foot is 0.3048 m and the US gallon 231 cubic inches (international
 * yard and pound agreement of 1959), the imperial gallon 4.54609 L (Units of Measurement Regulations 1995).
 */
const LITRES_IN = {
  m3: '1000',
  l: '1',
  dl: '0.1',
  cl: '0.01',
  ml: '0.001',
  us_gal: '3.785411784',
  imp_gal: '4.54609',
  ft3: '28.316846592',
} as const;

export type VolumeUnit = keyof typeof LITRES_IN;
export const VOLUME_UNITS = Object.keys(LITRES_IN) as readonly VolumeUnit[];

/** What one count of a register is worth: so many times (decimal text, `1` when left out) a unit. */
export interface CountUnit {
  readonly unit: VolumeUnit;
  readonly scale?: string | undefined;
}

/** Litres as a decimal fraction without any rounding: `digits / 10 ** places`. */
export interface ExactVolume {
  readonly digits: bigint;
  readonly places: number;
}

/** A thousand million cubic metres: no dial goes that far. */
const MAX_REGISTER_LITRES = 10n ** 12n;
const DECIMAL = /^(\d{1,30})(?:\.(\d{1,30}))?$/;
/** Every number of so many decimal digits survives being kept as a double; what follows is the noise of its sums. */
const TRUE_DIGITS = 15;
/** What is left of nothing when it comes out of a sum. */
const NOISE = 1e-15;

/**
 * The volume of so many counts, or undefined where that is none: negative, too large to be exact, not a decimal number.
 *
 * Text counts with all its digits. A whole number counts as it is, up to 2^53; a broken one with its 15 significant
 * digits, so that a sender who adds 0.7 and 0.1 and gets 0.7999999999999999 still says 0.8.
 */
export function volumeOf(amount: number | string, { unit, scale = '1' }: CountUnit): ExactVolume | undefined {
  const counts = decimalOf(typeof amount === 'number' ? textOf(amount) : amount);
  const factor = decimalOf(scale);
  const litresInUnit = decimalOf(LITRES_IN[unit]);
  return counts && factor && litresInUnit && times(times(counts, factor), litresInUnit);
}

/** Whole litres, rounded down: a part of a litre has not run through yet. Undefined beyond what a dial can show. */
export function wholeLitres({ digits, places }: ExactVolume): Litres | undefined {
  const whole = digits / 10n ** BigInt(places);
  return whole >= 0n && whole <= MAX_REGISTER_LITRES && digits >= 0n ? litres(Number(whole)) : undefined;
}

/** The sum of volumes, exactly. */
export function plus(one: ExactVolume, other: ExactVolume): ExactVolume {
  const places = Math.max(one.places, other.places);
  return { digits: digitsAt(one, places) + digitsAt(other, places), places };
}

/** The difference of volumes, exactly; it can be negative. */
export function minus(one: ExactVolume, other: ExactVolume): ExactVolume {
  return plus(one, { digits: -other.digits, places: other.places });
}

/** The digits that are meant; empty text, which is no number, where the amount is none. */
function textOf(amount: number): string {
  const isExact = amount >= 0 && amount <= Number.MAX_SAFE_INTEGER && !Object.is(amount, -0);
  if (!isExact) return '';
  if (Number.isInteger(amount)) return String(amount);
  if (amount < NOISE) return '0';
  // Small numbers are written with an exponent: 1.5e-7 for 0.00000015.
  const [digits = '', exponent] = String(Number(amount.toPrecision(TRUE_DIGITS))).split('e-');
  return exponent === undefined ? digits : `0.${'0'.repeat(Number(exponent) - 1)}${digits.replace('.', '')}`;
}

function decimalOf(text: string): ExactVolume | undefined {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  return whole === undefined ? undefined : { digits: BigInt(whole + fraction), places: fraction.length };
}

function times(one: ExactVolume, other: ExactVolume): ExactVolume {
  return { digits: one.digits * other.digits, places: one.places + other.places };
}

function digitsAt({ digits, places }: ExactVolume, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - places);
}
