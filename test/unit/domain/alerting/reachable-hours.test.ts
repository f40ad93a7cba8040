import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answerer, isWithinHours, meantBy } from '../../../../src/domain/alerting/reachable-hours.ts';

const minute = fc.integer({ min: 0, max: 1_439 });
const hours = fc
  .record({ fromMinute: minute, untilMinute: fc.integer({ min: 1, max: 1_440 }) })
  .filter(({ fromMinute, untilMinute }) => fromMinute !== untilMinute);
const guardians = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 5 })
  .map((each) =>
    each.map((isInHours, i): Answerer => ({ personId: 10 + i, role: 'guardian', position: i + 1, isInHours })),
  );
const asked = fc.uniqueArray(fc.integer({ min: 10, max: 14 }));

describe('the hours at which somebody can be asked', () => {
  it('are any where none are given', () => {
    fc.assert(fc.property(minute, (at) => isWithinHours({ fromMinute: null, untilMinute: null }, at)));
  });

  it('take as many minutes of the day as lie between their ends, past midnight as well', () => {
    fc.assert(
      fc.property(hours, (given) => {
        const held = Array.from({ length: 1_440 }, (_, at) => at).filter((at) => isWithinHours(given, at)).length;
        expect(held).toBe((given.untilMinute - given.fromMinute + 1_440) % 1_440 || 1_440);
      }),
      { numRuns: 50 },
    );
  });
});

describe('whom a step means', () => {
  it('is nobody outside of their hours, and somebody where anybody from there on has hours', () => {
    fc.assert(
      fc.property(guardians, asked, fc.integer({ min: 1, max: 5 }), (people, known, position) => {
        const meant = meantBy({ role: 'guardian', position }, people, (id) => known.includes(id));
        expect(meant.every(({ isInHours }) => isInHours)).toBe(true);
        const isNamed = position <= people.length;
        expect(meant).toHaveLength(
          Number(isNamed && people.some((each) => each.position >= position && each.isInHours)),
        );
      }),
    );
  });

  it('is the one it names, whoever was asked before, where all have hours', () => {
    fc.assert(
      fc.property(guardians, asked, fc.integer({ min: 1, max: 5 }), (people, known, position) => {
        const all = people.map((each) => ({ ...each, isInHours: true }));
        const meant = meantBy({ role: 'guardian', position }, all, (id) => known.includes(id));
        expect(meant).toEqual(all.filter((each) => each.position === position));
      }),
    );
  });

  it('is everybody in their hours in the end, where the steps name them one after the other', () => {
    fc.assert(
      fc.property(guardians, (people) => {
        const known = new Set<number>();
        for (const { position } of people) {
          const meant = meantBy({ role: 'guardian', position }, people, (id) => known.has(id));
          for (const { personId } of meant) known.add(personId);
        }
        expect([...known].toSorted()).toEqual(
          people.filter(({ isInHours }) => isInHours).map(({ personId }) => personId),
        );
      }),
    );
  });
});
