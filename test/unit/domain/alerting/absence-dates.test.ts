import { expect, it } from 'vitest';
import { absenceEnd, isLastDay, lastDaysAt } from '../../../../src/domain/alerting/absence-dates.ts';

it('lets an absence end tomorrow at the soonest, by the calendar of the home', () => {
  const lateEvening = new Date('2026-03-01T15:59:00Z');
  const afterMidnight = new Date('2026-03-01T16:01:00Z');

  expect(lastDaysAt(lateEvening, 'Asia/Shanghai').earliest).toBe('2026-03-02');
  expect(lastDaysAt(afterMidnight, 'Asia/Shanghai').earliest).toBe('2026-03-03');
});

it('lets an absence last 60 days and no longer', () => {
  const days = lastDaysAt(new Date('2026-03-01T00:00:00Z'), 'Asia/Shanghai');

  expect(days.latest).toBe('2026-04-30');
  expect(isLastDay('2026-03-01', days)).toBe(false);
  expect(isLastDay('2026-03-02', days)).toBe(true);
  expect(isLastDay('2026-04-30', days)).toBe(true);
  expect(isLastDay('2026-05-01', days)).toBe(false);
});

it('ends an absence with the end of its last day, so that nobody is missed whose train comes in the evening', () => {
  expect(absenceEnd('2026-03-07', 'Asia/Shanghai')).toEqual(new Date('2026-03-07T16:00:00Z'));
});
