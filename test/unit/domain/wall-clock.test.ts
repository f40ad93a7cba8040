import { describe, expect, it } from 'vitest';
import { wallClockIn } from '../../../src/domain/wall-clock.ts';

const moments = (zone: string, shown: string) => wallClockIn(zone)(shown).map((ms) => new Date(ms).toISOString());

describe('what a clock on the wall shows', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-23 20:00:00', '2026-11-23T12:00:00.000Z'],
    ['Asia/Shanghai', '2026/11/23 20:00', '2026-11-23T12:00:00.000Z'],
    ['Asia/Shanghai', '20261123200001', '2026-11-23T12:00:01.000Z'],
    ['Europe/Vienna', '2026-07-01T00:30:00.25', '2026-06-30T22:30:00.250Z'],
    ['Europe/Vienna', '2026-01-01 00:30', '2025-12-31T23:30:00.000Z'],
    ['Asia/Kathmandu', '2026-01-01 00:00', '2025-12-31T18:15:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05 01:15', '2026-04-04T14:15:00.000Z'],
    ['UTC', '2028-02-29 23:59:59', '2028-02-29T23:59:59.000Z'],
  ])('in %s at %s is %s', (zone, shown, moment) => {
    expect(moments(zone, shown)).toEqual([moment]);
  });

  it('is two moments in the hour that autumn repeats', () => {
    expect(moments('Europe/Vienna', '2026-10-25 02:30')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
    expect(moments('Europe/Vienna', '2026-10-25 01:59')).toHaveLength(1);
    expect(moments('Europe/Vienna', '2026-10-25 03:00')).toHaveLength(1);
  });

  it('is no moment in the hour that spring leaves out', () => {
    expect(moments('Europe/Vienna', '2026-03-29 02:30')).toEqual([]);
    expect(moments('Europe/Vienna', '2026-03-29 01:59')).toHaveLength(1);
    expect(moments('Europe/Vienna', '2026-03-29 03:00')).toHaveLength(1);
  });

  it.each([
    ...['2026-02-30 12:00', '2026-13-01 12:00', '2026-11-23 24:00', '2026-11-23 12:60', '2026-11-23', '12:00', ''],
    ...['2026-11-23 12:00Z', '2026-11-23 12:00 PM', '26-11-23 12:00', '20261123', ' 2026-11-23 12:00'],
  ])('is never "%s"', (shown) => {
    expect(moments('Asia/Shanghai', shown)).toEqual([]);
  });
});
