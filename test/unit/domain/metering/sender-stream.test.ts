import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstMissing,
  hearNumbers,
  MAX_GAPS,
  type SenderStream,
  type StreamChange,
} from '../../../../src/domain/metering/sender-stream.ts';

const AT = Date.UTC(2026, 10, 23, 12);
const numbered = (...numbers: number[]) => numbers.map((number) => ({ first: number, last: number }));
const hear = (known: SenderStream | undefined, numbers: number[], oldest?: number, isNamed = true): StreamChange =>
  hearNumbers(known, { ranges: numbered(...numbers), oldest, isNamed }, AT);
const gapsOf = ({ gaps }: SenderStream) => gaps.map(({ first, last }) => [first, last]);

describe('what is known of a stream', () => {
  it('ends before the first number that is missing, in whatever order and company they come', () => {
    const batches = fc.array(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 10 }), { minLength: 1 });
    fc.assert(
      fc.property(batches, (received) => {
        const came = new Set<number>();
        let stream: SenderStream | undefined;
        for (const numbers of received) {
          numbers.forEach((number) => came.add(number));
          ({ stream } = hear(stream, numbers));
          let unbroken = 0;
          while (came.has(unbroken)) unbroken += 1;
          expect(firstMissing(stream)).toBe(unbroken);
          const missing = stream.gaps.flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, i) => first + i),
          );
          const highest = Math.max(...came);
          const expected = Array.from({ length: highest + 1 }, (_, n) => n).filter((n) => !came.has(n));
          expect(missing).toEqual(expected);
        }
      }),
    );
  });

  it('never counts more than came, however many gaps there are', () => {
    const odd = Array.from({ length: 3 * MAX_GAPS }, (_, i) => 2 * i + 1);
    const { stream } = hear(undefined, odd);
    expect(stream.gaps).toHaveLength(MAX_GAPS);
    expect(stream.gaps.at(-1)).toMatchObject({ first: 2 * (MAX_GAPS - 1), last: 6 * MAX_GAPS - 2 });

    const evenOnes = Array.from({ length: MAX_GAPS }, (_, i) => 2 * i);
    const { stream: later } = hear(stream, evenOnes);
    expect(firstMissing(later)).toBe(2 * MAX_GAPS - 1);
  });

  it('gives up what the sender says it can send no more, and only that', () => {
    const { stream } = hear(undefined, [0, 5]);
    const { stream: later, givenUp } = hear(stream, [8], 3);
    expect(givenUp).toMatchObject([{ first: 1, last: 2 }]);
    expect(gapsOf(later)).toEqual([
      [3, 4],
      [6, 7],
    ]);
  });

  it('cannot be driven beyond what a number can say', () => {
    const { stream } = hear(undefined, [0, Number.MAX_SAFE_INTEGER - 1]);
    expect(stream.next).toBe(Number.MAX_SAFE_INTEGER);
    expect(gapsOf(stream)).toEqual([[1, Number.MAX_SAFE_INTEGER - 2]]);
  });

  it('takes numbers before the first for sent before anybody listened, unless the sender keeps or names its row', () => {
    const isBeforeFirst = (oldest: number | undefined, isNamed: boolean) =>
      hear(undefined, [7, 9], oldest, isNamed).stream.gaps.map((gap) => gap.isBeforeFirst);
    expect(isBeforeFirst(undefined, false)).toEqual([true, false]);
    expect(isBeforeFirst(undefined, true)).toEqual([false, false]);
    expect(isBeforeFirst(0, false)).toEqual([false, false]);
  });
});
