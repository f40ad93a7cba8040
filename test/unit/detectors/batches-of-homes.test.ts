import { describe, expect, it } from 'vitest';
import { batchesOfHomes } from '../../../src/detectors/batches-of-homes.ts';
import { DAY_MS } from '../../../src/domain/time.ts';

const NOW = new Date('2026-03-02T00:00:00Z');
const home = (householdId: number, days: number) => ({
  householdId,
  changedFrom: new Date(NOW.getTime() - days * DAY_MS),
});
const sizes = (days: readonly number[], bounds = { homes: 3, days: 10 }) =>
  batchesOfHomes(
    days.map((each, id) => home(id, each)),
    NOW,
    bounds,
  ).map((batch) => batch.map(({ householdId }) => householdId));

describe('homes are judged together', () => {
  it('so many at a time, in their order', () => {
    expect(sizes([1, 1, 1, 1, 0, 0, 0])).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(sizes([])).toEqual([]);
  });

  it('fewer where more of their past is new', () => {
    expect(sizes([4, 6, 1, 8, 3])).toEqual([[0, 1], [2, 3], [4]]);
  });

  it('and alone where the past of one is too much for any batch', () => {
    expect(sizes([1, 120, 1, 400])).toEqual([[0], [1], [2], [3]]);
  });

  it('as if nothing were new where a change is in the time to come', () => {
    expect(sizes([-1, -5, 10])).toEqual([[0, 1, 2]]);
  });
});
