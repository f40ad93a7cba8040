import { describe, expect, it } from 'vitest';
import { localCalendar } from '../../../src/domain/local-calendar.ts';

const HOUR = 3_600_000;
const ZONES = ['Asia/Shanghai', 'Europe/Vienna', 'America/Santiago', 'Australia/Lord_Howe', 'America/St_Johns'];
const FROM = Date.UTC(1970, 0, 1);
const UNTIL = Date.UTC(2038, 0, 1);

describe.each(ZONES)('every day on which the clocks of %s were changed since 1970', (timeZone) => {
  const wallClock = wallClockOf(timeZone);
  const changes = changesOf(wallClock);
  const calendar = localCalendar(timeZone);
  const around = changes.flatMap((atMs) => [-24, 0, 24].map((hours) => calendar.dayAt(atMs + hours * HOUR)));

  it('is known', () => {
    expect(changes.length).toBeGreaterThanOrEqual(timeZone === 'Asia/Shanghai' ? 12 : 100);
  });

  it('begins when the calendar on the wall is turned, and not before', () => {
    const wrong = around.filter(
      ({ date, startMs }) => wallClock(startMs).date !== date || wallClock(startMs - 1).date >= date,
    );
    expect(wrong).toEqual([]);
  });

  it('begins at midnight, or where midnight was jumped over at the first moment after it', () => {
    const wrong = around.filter(({ startMs }) => {
      const { time } = wallClock(startMs);
      return time !== '00:00:00' && !changes.includes(startMs);
    });
    expect(wrong).toEqual([]);
  });

  it('ends where the next one begins', () => {
    for (const day of around) {
      expect(calendar.dayAfter(day).startMs, day.date).toBe(day.endMs);
      expect(calendar.dayAt(day.startMs)).toEqual(day);
      // A calendar that remembers no day yet has to find it.
      expect(localCalendar(timeZone).dayAt(day.endMs - 1)).toEqual(day);
      expect(calendar.dayAt(day.endMs).date > day.date).toBe(true);
    }
  });
});

it('has 23 and 25 hours in Vienna, 23 and a half and 24 and a half on Lord Howe Island', () => {
  const hoursOf = (zone: string, noon: string) => {
    const { startMs, endMs } = localCalendar(zone).dayAt(Date.parse(noon));
    return (endMs - startMs) / HOUR;
  };
  expect(hoursOf('Europe/Vienna', '2026-03-29T12:00:00Z')).toBe(23);
  expect(hoursOf('Europe/Vienna', '2026-10-25T12:00:00Z')).toBe(25);
  expect(hoursOf('Australia/Lord_Howe', '2026-10-04T02:00:00Z')).toBe(23.5);
  expect(hoursOf('Australia/Lord_Howe', '2026-04-05T02:00:00Z')).toBe(24.5);
  expect(hoursOf('Asia/Shanghai', '1988-04-17T04:00:00Z')).toBe(23);
});

it('leaves out the day that Samoa never had when it crossed the date line', () => {
  const calendar = localCalendar('Pacific/Apia');
  const last = calendar.dayAt(Date.parse('2011-12-29T12:00:00-10:00'));
  expect(last.date).toBe('2011-12-29');
  expect(calendar.dayAfter(last)).toMatchObject({ date: '2011-12-31', startMs: last.endMs });
  expect(calendar.dayAt(last.endMs).date).toBe('2011-12-31');
});

/** What the wall clock and the calendar beside it show, and how far they are ahead of UTC; from Intl's own fields. */
function wallClockOf(timeZone: string) {
  const fields = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
  const options = Object.fromEntries(fields.map((field) => [field, 'numeric']));
  const formatter = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', ...options });
  return (atMs: number) => {
    const shown = Object.fromEntries(formatter.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const [year, month, day, hour, minute, second] = fields.map((field) => shown[field] ?? NaN);
    const asUtcMs = Date.UTC(year!, month! - 1, day, hour, minute, second);
    const [date, time] = new Date(asUtcMs).toISOString().split(/[T.]/);
    return { date: date!, time: time!, offsetMs: asUtcMs - Math.floor(atMs / 1_000) * 1_000 };
  };
}

/** Every moment from which on the wall clock goes another way, to the second. */
function changesOf(wallClock: ReturnType<typeof wallClockOf>): number[] {
  const changes: number[] = [];
  const step = 12 * HOUR;
  for (let atMs = FROM; atMs < UNTIL; atMs += step) {
    const before = wallClock(atMs).offsetMs;
    if (wallClock(atMs + step).offsetMs === before) continue;
    let [low, high] = [atMs, atMs + step];
    while (high - low > 1_000) {
      const middle = low + Math.floor((high - low) / 2_000) * 1_000;
      if (wallClock(middle).offsetMs === before) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}
