import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinRanges, type SequenceRange, withoutRanges } from '../../../../src/domain/metering/sequence-range.ts';

const range = fc
  .tuple(fc.nat({ max: 60 }), fc.nat({ max: 8 }))
  .map(([first, more]): SequenceRange => ({ first, last: first + more }));
const ranges = fc.array(range, { maxLength: 12 });

const numbersIn = (given: readonly SequenceRange[]) =>
  new Set(given.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));
const sorted = (numbers: Iterable<number>) => [...numbers].toSorted((a, b) => a - b);

describe('ranges of numbers', () => {
  it('hold the same numbers when they are joined, and stand apart', () => {
    fc.assert(
      fc.property(ranges, (given) => {
        const joined = joinRanges(given);
        expect(sorted(numbersIn(joined))).toEqual(sorted(numbersIn(given)));
        joined.slice(1).forEach(({ first }, i) => expect(first).toBeGreaterThan((joined[i]?.last ?? 0) + 1));
      }),
    );
  });

  it('hold what is left when others are taken out, and nothing else', () => {
    fc.assert(
      fc.property(ranges, ranges, (given, taken) => {
        const left = withoutRanges(joinRanges(given), joinRanges(taken));
        const without = numbersIn(taken);
        expect(sorted(numbersIn(left))).toEqual(sorted(numbersIn(given)).filter((n) => !without.has(n)));
      }),
    );
  });

  it('keep what else is known of a range in each piece of it', () => {
    const left = withoutRanges([{ first: 0, last: 9, seenAtMs: 7 }], [{ first: 4, last: 5 }]);
    expect(left).toEqual([
      { first: 0, last: 3, seenAtMs: 7 },
      { first: 6, last: 9, seenAtMs: 7 },
    ]);
  });
});
