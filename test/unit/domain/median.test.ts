import { expect, it } from 'vitest';
import { median } from '../../../src/domain/median.ts';

it('is the middle value, in whatever order they come, or the mean of the two in the middle', () => {
  expect(median([90, 10, 20])).toBe(20);
  expect(median([40, 10, 20, 30])).toBe(25);
  expect(median([])).toBeNaN();
});
