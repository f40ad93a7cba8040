import { expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';

const NOON = new Date('2026-03-02T12:00:00Z');
const ONE = new Date('2026-03-02T13:00:00Z');

it('stands still until it is moved, and is never moved back', () => {
  const clock = handTurnedClock(NOON);
  expect(clock.now()).toEqual(NOON);

  clock.advanceTo(ONE);
  clock.advanceTo(NOON);
  expect(clock.now()).toEqual(ONE);
});

it('cannot be turned by changing a time it gave out', () => {
  const clock = handTurnedClock(NOON);
  clock.now().setFullYear(2038);
  expect(clock.now()).toEqual(NOON);
});
