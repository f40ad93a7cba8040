import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../simulator/random.ts';

const first = (count: number, ...names: (number | string)[]) => {
  const stream = randomStream(...names);
  return Array.from({ length: count }, () => stream.fraction());
};

describe('the chance that rules the town', () => {
  it('takes the same course for the same names, on every machine', () => {
    expect(first(3, 7, 'home', 1)).toEqual(first(3, 7, 'home', 1));
    expect(randomStream('still', 'water').whole(0, 1_000_000)).toBe(KNOWN_DRAW);
  });

  it('takes another course for other names, in another order too', () => {
    const courses = [first(4, 1, 2), first(4, 2, 1), first(4, '1', 2), first(4, 1, 2, 0), first(4, 1)];

    expect(new Set(courses.map(String)).size).toBe(courses.length);
  });

  it('spreads evenly, for neighbouring seeds and within one stream', () => {
    const acrossSeeds = Array.from({ length: 4_000 }, (_, seed) => randomStream(seed).fraction());
    for (const draws of [acrossSeeds, first(4_000, 'one')]) {
      const tenths = Array.from({ length: 10 }, (_, tenth) => draws.filter((x) => Math.floor(x * 10) === tenth).length);
      expect(Math.min(...tenths)).toBeGreaterThan(320);
      expect(Math.max(...tenths)).toBeLessThan(480);
    }
  });

  it('keeps to the bounds it is given, and reaches both of them', () => {
    const stream = randomStream('bounds');
    const wholes = Array.from({ length: 500 }, () => stream.whole(4, 9));

    expect(new Set(wholes)).toEqual(new Set([4, 5, 6, 7, 8, 9]));
    expect(Array.from({ length: 50 }, () => stream.chance(0))).not.toContain(true);
    expect(Array.from({ length: 50 }, () => stream.chance(1))).not.toContain(false);
    expect(() => stream.pick([])).toThrow(RangeError);
  });
});

/** Pins the generator: whoever changes it changes every town there has been. */
const KNOWN_DRAW = 645_521;
