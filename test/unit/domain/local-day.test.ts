import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays, localDateOf, startOfLocalDay } from '../../../src/domain/local-day.ts';

const ZONES = ['Asia/Shanghai', 'Europe/Vienna', 'America/New_York', 'America/Santiago', 'Africa/Cairo', 'UTC'];
const MORE_ZONES = ['Pacific/Auckland', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Kiritimati'];

it('knows the date on the calendar of the home', () => {
  expect(localDateOf(new Date('2026-03-01T15:59:59Z'), 'Asia/Shanghai')).toBe('2026-03-01');
  expect(localDateOf(new Date('2026-03-01T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-03-02');
  expect(localDateOf(new Date('2026-03-01T04:00:00Z'), 'America/New_York')).toBe('2026-02-28');
});

it('counts days over the ends of months and years', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-12-31', 60)).toBe('2027-03-01');
});

it('begins a day at midnight, before and after the clocks are changed', () => {
  expect(startOfLocalDay('2026-03-29', 'Europe/Vienna')).toEqual(new Date('2026-03-28T23:00:00Z'));
  expect(startOfLocalDay('2026-03-30', 'Europe/Vienna')).toEqual(new Date('2026-03-29T22:00:00Z'));
  expect(startOfLocalDay('2026-04-05', 'Pacific/Auckland')).toEqual(new Date('2026-04-04T11:00:00Z'));
});

it('begins a day whose midnight the clocks jump over at the first moment there is', () => {
  expect(startOfLocalDay('2026-09-06', 'America/Santiago')).toEqual(new Date('2026-09-06T04:00:00Z'));
  expect(startOfLocalDay('2026-04-24', 'Africa/Cairo')).toEqual(new Date('2026-04-23T22:00:00Z'));
});

it('begins every day of every zone on that date and not a moment sooner', () => {
  const days = fc.integer({ min: 0, max: 3_650 }).map((day) => addDays('2020-01-01', day));
  fc.assert(
    fc.property(days, fc.constantFrom(...ZONES, ...MORE_ZONES), (date, zone) => {
      const start = startOfLocalDay(date, zone);
      expect(localDateOf(start, zone)).toBe(date);
      expect(localDateOf(new Date(start.getTime() - 1), zone)).toBe(addDays(date, -1));
    }),
    { numRuns: 500 },
  );
});
