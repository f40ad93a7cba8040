import { describe, expect, it } from 'vitest';
import { calendarOf, isWeekend, midnightBefore } from '../../../simulator/calendar.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';

describe("the town's calendar", () => {
  it('begins the day at midnight by the clocks of the town', () => {
    expect(midnightBefore(new Date('2026-03-01T15:59:59Z'), 'Asia/Shanghai')).toEqual(new Date('2026-02-28T16:00:00Z'));
    expect(midnightBefore(new Date('2026-03-01T16:00:00Z'), 'Asia/Shanghai')).toEqual(new Date('2026-03-01T16:00:00Z'));
  });

  it('gives the days on which clocks change 23 and 25 hours', () => {
    const madrid = calendarOf('Europe/Madrid');
    const hoursOf = (noon: string) => {
      const day = madrid.dayOf(Date.parse(noon));
      return (madrid.midnightMs(day + 1) - madrid.midnightMs(day)) / HOUR_MS;
    };

    expect(hoursOf('2026-03-29T12:00:00Z')).toBe(23);
    expect(hoursOf('2026-10-25T12:00:00Z')).toBe(25);
    expect(hoursOf('2026-10-26T12:00:00Z')).toBe(24);
  });

  it('finds midnight on a day whose clocks change soon after it, far east of Greenwich', () => {
    const noon = new Date('2026-10-04T01:00:00Z');

    expect(midnightBefore(noon, 'Australia/Sydney')).toEqual(new Date('2026-10-03T14:00:00Z'));
  });

  it('knows the date and the weekend of the town, not of Greenwich', () => {
    const shanghai = calendarOf('Asia/Shanghai');
    const saturday = Date.parse('2026-02-27T17:00:00Z');

    expect(shanghai.dateOf(saturday)).toBe('2026-02-28');
    expect(isWeekend(shanghai.dayOf(saturday))).toBe(true);
    expect(isWeekend(shanghai.dayOf(saturday - 2 * HOUR_MS))).toBe(false);
  });
});
