import { describe, expect, it } from 'vitest';
import { lastTimeOfDay } from '../../../src/domain/alerting/checked-at.ts';

const at = (shown: string, now: string, zone = 'Asia/Shanghai') =>
  lastTimeOfDay(shown, new Date(now), zone)?.toISOString();

describe('when somebody says they were there', () => {
  it('is the last time the clock showed that', () => {
    expect(at('08:30', '2026-03-02T01:00:00Z')).toBe('2026-03-02T00:30:00.000Z');
    expect(at('8：30', '2026-03-02T01:00:00Z')).toBe('2026-03-02T00:30:00.000Z');
    expect(at('09:00', '2026-03-02T01:00:00Z')).toBe('2026-03-02T01:00:00.000Z');
  });

  it('is yesterday when the clock has not come to it today', () => {
    expect(at('23:10', '2026-03-01T17:00:00Z')).toBe('2026-03-01T15:10:00.000Z');
  });

  it('is looked for a day earlier where spring left the hour out', () => {
    expect(at('02:30', '2026-03-29T08:00:00Z', 'Europe/Vienna')).toBe('2026-03-28T01:30:00.000Z');
  });

  it.each(['', 'noon', '24:00', '12:60', '12', '-1:00'])('is nothing that a clock does not show: %j', (shown) => {
    expect(at(shown, '2026-03-02T01:00:00Z')).toBe(undefined);
  });
});
