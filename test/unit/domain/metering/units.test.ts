import { expect, it } from 'vitest';
import { litres } from '../../../../src/domain/metering/units.ts';

it.each([0, 1, Number.MAX_SAFE_INTEGER])('takes %d for a volume in litres', (amount) => {
  expect(litres(amount)).toBe(amount);
});

it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
  'does not take %d for a volume in litres',
  (amount) => {
    expect(() => litres(amount)).toThrow(RangeError);
  },
);
