import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registersFromDeltas } from '../../../../src/domain/metering/registers-from-deltas.ts';
import type { ExactVolume } from '../../../../src/domain/metering/volume.ts';

const HOUR_MS = 3_600_000;
const millilitres = (amount: number): ExactVolume => ({ digits: BigInt(amount), places: 3 });
const series = (register: number, deltas: readonly number[], registerIs: 'before' | 'after') =>
  registersFromDeltas({
    readAtMs: 100 * HOUR_MS,
    register: millilitres(register),
    stepMs: HOUR_MS,
    deltas: deltas.map(millilitres),
    registerIs,
  });
const seen = (readings: ReturnType<typeof registersFromDeltas>) =>
  readings?.map(({ readAtMs, indexLitres }) => [readAtMs / HOUR_MS, indexLitres]);

describe('what ran in each hour', () => {
  it('follows the register of before', () => {
    expect(seen(series(5_000, [1_000, 0, 2_000], 'before'))).toEqual([
      [100, 5],
      [101, 6],
      [102, 6],
      [103, 8],
    ]);
  });

  it('leads up to the register of after', () => {
    expect(seen(series(8_000, [1_000, 0, 2_000], 'after'))).toEqual([
      [97, 5],
      [98, 6],
      [99, 6],
      [100, 8],
    ]);
  });

  it('adds parts of a litre up before it is rounded: a dripping tap is not lost', () => {
    expect(seen(series(0, [300, 300, 300, 300], 'before'))?.at(-1)).toEqual([104, 1]);
  });

  it('is refused when more ran than the dial shows, and when the dial would go too far', () => {
    expect(series(2_000, [1_000, 1_001], 'after')).toBeUndefined();
    expect(series(1e15, [1_000], 'before')).toBeUndefined();
  });

  it('says the same from either end', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.array(fc.nat(1e6), { maxLength: 100 }), (register, deltas) => {
        const last = register + deltas.reduce((sum, delta) => sum + delta, 0);
        const indexes = (readings: ReturnType<typeof registersFromDeltas>) => readings?.map((each) => each.indexLitres);
        const before = indexes(series(register, deltas, 'before'));

        expect(indexes(series(last, deltas, 'after'))).toEqual(before);
        expect(before?.[0]).toBe(Math.floor(register / 1_000));
        expect(before?.at(-1)).toBe(Math.floor(last / 1_000));
      }),
    );
  });
});
