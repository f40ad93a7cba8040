import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CountUnit,
  minus,
  plus,
  volumeOf,
  VOLUME_UNITS,
  type VolumeUnit,
  wholeLitres,
} from '../../../../src/domain/metering/volume.ts';

/** Litres in a unit as a fraction, from how the unit is defined: 2.54 cm to the inch, twelve of them to the foot. */
const LITRES_IN: Readonly<Record<VolumeUnit, readonly [bigint, bigint]>> = {
  m3: [1_000n, 1n],
  l: [1n, 1n],
  dl: [1n, 10n],
  cl: [1n, 100n],
  ml: [1n, 1_000n],
  us_gal: [231n * 254n ** 3n, 100n ** 3n * 1_000n],
  imp_gal: [454_609n, 100_000n],
  ft3: [(12n * 254n) ** 3n, 100n ** 3n * 1_000n],
};

const read = (amount: number | string, unit: CountUnit) => {
  const volume = volumeOf(amount, unit);
  return volume && wholeLitres(volume);
};
const decimal = (maxWhole: bigint, maxPlaces: number) =>
  fc
    .tuple(fc.bigInt({ min: 0n, max: maxWhole }), fc.stringMatching(new RegExp(`^\\d{0,${maxPlaces}}$`)))
    .map(([whole, places]) => (places === '' ? String(whole) : `${whole.toString()}.${places}`));
const fractionOf = (text: string): [bigint, bigint] => {
  const [whole = '', places = ''] = text.split('.');
  return [BigInt(whole + places), 10n ** BigInt(places.length)];
};

describe('a volume', () => {
  it.each([
    ['206.408', { unit: 'm3' }, 206_408],
    [206.408, { unit: 'm3' }, 206_408],
    ['123.4569', { unit: 'm3' }, 123_456],
    [1, { unit: 'us_gal' }, 3],
    [1_000_000_000, { unit: 'us_gal' }, 3_785_411_784],
    [1_000_000_000, { unit: 'ft3' }, 28_316_846_592],
    [100_000, { unit: 'imp_gal' }, 454_609],
    [2_351_542, { unit: 'us_gal', scale: '0.1' }, 890_155],
    ['18233', { unit: 'm3', scale: '0.01' }, 182_330],
    [5_000_999, { unit: 'ml' }, 5_000],
    ['0', { unit: 'l' }, 0],
    [0.00000045, { unit: 'm3', scale: '10000000' }, 4_500],
    [5e-324, { unit: 'm3' }, 0],
    [0.1 + 0.2 - 0.3, { unit: 'm3' }, 0],
  ] as const)('of %s counts of %o is %d whole litres', (amount, unit, whole) => {
    expect(read(amount, unit)).toBe(whole);
  });

  it('is what exact fractions say, rounded down, in every unit and scale', () => {
    fc.assert(
      fc.property(
        decimal(10n ** 12n, 20),
        fc.constantFrom(...VOLUME_UNITS),
        decimal(1_000n, 12),
        (amount, unit, scale) => {
          const [count, places] = fractionOf(amount);
          const [factor, parts] = fractionOf(scale);
          const [litres, per] = LITRES_IN[unit];
          const whole = (count * factor * litres) / (places * parts * per);
          expect(read(amount, { unit, scale })).toBe(whole <= 10n ** 12n ? Number(whole) : undefined);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('in cubic metres says the litres that were meant, however a sender added them up', () => {
    fc.assert(
      fc.property(fc.nat(500_000_000), fc.nat(500_000_000), (one, other) => {
        expect(read(one / 1_000 + other / 1_000, { unit: 'm3' })).toBe(one + other);
        expect(read(one * 0.001, { unit: 'm3' })).toBe(one);
      }),
      { numRuns: 2_000, examples: [[700, 100]] },
    );
  });

  it.each([
    ...[-1, -0, 1.5e308, 2 ** 53 + 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ...['-1', '+1', '1e3', '1E3', '0x10', '', ' 5', '5 ', '1.', '.5', '1,5', '1_000', '١٢', 'Infinity', '9'.repeat(31)],
  ])('is never "%s"', (amount) => {
    expect(read(amount, { unit: 'ml' })).toBeUndefined();
  });

  it('is not what a number above 2^53 says, for that may have been another one', () => {
    expect(read(2 ** 53 - 1, { unit: 'ml', scale: '0.01' })).toBe(90_071_992_547);
    expect(read(2 ** 53, { unit: 'ml', scale: '0.01' })).toBeUndefined();
  });

  it('is beyond every dial above 10^12 litres, and no part of a litre makes it so', () => {
    expect(read('1000000000000.999', { unit: 'l' })).toBe(1e12);
    expect(read('1000000000001', { unit: 'l' })).toBeUndefined();
  });

  it('can be added and taken away without losing a drop, and a debt is no register', () => {
    const one = volumeOf('0.0004', { unit: 'm3' });
    const other = volumeOf('700', { unit: 'ml' });
    expect(one && other && wholeLitres(plus(one, other))).toBe(1);
    expect(one && other && wholeLitres(minus(one, other))).toBeUndefined();
    expect(one && wholeLitres(minus(one, one))).toBe(0);
  });
});
