import { describe, expect, it } from 'vitest';
import { quietUntil } from '../../../../src/domain/notification/quiet-hours.ts';

const NIGHT = { fromMinute: 22 * 60, untilMinute: 6 * 60 + 30 };
const NOON = { fromMinute: 12 * 60, untilMinute: 14 * 60 };
const until = (hours: typeof NIGHT, at: string, timeZone: string) =>
  quietUntil(hours, new Date(at), timeZone)?.toISOString();

describe('quiet hours', () => {
  it('hold from the evening until the next morning on the clock of the home', () => {
    expect(until(NIGHT, '2026-03-02T14:00:00Z', 'Asia/Shanghai')).toBe('2026-03-02T22:30:00.000Z');
    expect(until(NIGHT, '2026-03-02T22:29:59Z', 'Asia/Shanghai')).toBe('2026-03-02T22:30:00.000Z');
    expect(until(NIGHT, '2026-03-02T16:00:00Z', 'Asia/Shanghai')).toBe('2026-03-02T22:30:00.000Z');
  });

  it('are over at their end, and have not begun the minute before', () => {
    expect(until(NIGHT, '2026-03-02T22:30:00Z', 'Asia/Shanghai')).toBeUndefined();
    expect(until(NIGHT, '2026-03-02T13:59:00Z', 'Asia/Shanghai')).toBeUndefined();
  });

  it('are the same moment in another zone for nobody else', () => {
    expect(until(NIGHT, '2026-03-02T14:00:00Z', 'Europe/Vienna')).toBeUndefined();
    expect(until(NIGHT, '2026-03-02T22:00:00Z', 'Europe/Vienna')).toBe('2026-03-03T05:30:00.000Z');
  });

  it('may lie within one day', () => {
    expect(until(NOON, '2026-03-02T12:30:00Z', 'UTC')).toBe('2026-03-02T14:00:00.000Z');
    expect(until(NOON, '2026-03-02T14:00:00Z', 'UTC')).toBeUndefined();
  });

  it('end at their time on the clock in the nights in which the clocks change', () => {
    expect(until(NIGHT, '2026-03-28T22:00:00Z', 'Europe/Vienna')).toBe('2026-03-29T04:30:00.000Z');
    expect(until(NIGHT, '2026-10-24T22:00:00Z', 'Europe/Vienna')).toBe('2026-10-25T05:30:00.000Z');
  });
});
