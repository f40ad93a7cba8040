import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HabitDay } from '../../../../src/domain/habit/habit-day.ts';
import { driftReason } from '../../../../src/domain/habit/drift-reason.ts';
import { routineDrifts } from '../../../../src/domain/habit/routine-drift.ts';
import { DAY_MS } from '../../../../src/domain/time.ts';

const FIRST = Date.parse('2026-01-01T00:00:00Z');
const day = (i: number, litres: number, hoursOfUse: number, knownHours = 24): HabitDay => ({
  startMs: FIRST + i * DAY_MS,
  litres,
  knownHours,
  hoursOfUse,
  greatestFlows: [0, 0, 0],
});
/** Days of about 100 L in about 10 hours, one like another but for a little. */
const usual = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => day(from + i, 95 + ((i * 7) % 11), 9 + ((i * 5) % 3)));
const fewer = (count: number, from: number) => Array.from({ length: count }, (_, i) => day(from + i, 40, 5));
const all = () => false;

describe('a home whose people live as they used to', () => {
  it('is on no list', () => {
    expect(routineDrifts(usual(90), all)).toEqual([]);
  });

  it('is on no list for a single quiet day, nor for more water than usual', () => {
    expect(routineDrifts([...usual(40), day(40, 60, 8), ...usual(10, 41)], all)).toEqual([]);
    expect(routineDrifts([...usual(40), ...Array.from({ length: 20 }, (_, i) => day(40 + i, 300, 20))], all)).toEqual(
      [],
    );
  });

  it('is on no list for days of which little is known, or in which nobody was there', () => {
    const missing = Array.from({ length: 14 }, (_, i) => day(40 + i, 3, 1, 12));
    expect(routineDrifts([...usual(40), ...missing], all)).toEqual([]);
    const away = (each: HabitDay) => each.startMs >= FIRST + 40 * DAY_MS;
    expect(routineDrifts([...usual(40), ...fewer(14, 40)], away)).toEqual([]);
  });

  it('is not known by fewer than fourteen days', () => {
    expect(routineDrifts([...usual(10), ...fewer(3, 10)], all)).toEqual([]);
  });
});

describe('a home whose people use less from a day on', () => {
  it('is told within a week, by litres and by hours, with what is usual and what is not', () => {
    const drifts = routineDrifts([...usual(40), ...fewer(6, 40)], all);
    expect(drifts).toMatchObject([
      { measure: 'litres', sinceMs: FIRST + 40 * DAY_MS, usual: 100, lately: 40, days: 6 },
      { measure: 'hours', usual: 10, lately: 5 },
    ]);
    expect(driftReason(drifts[0]!, 'en', 'Asia/Shanghai')).toMatch(
      /^Less water for 6 days, since 10 Feb 08:00: about 40 L a day, usually 100 L \(drift \d+(\.\d)?\)\.$/,
    );
    expect(driftReason(drifts[1]!, 'zh-CN', 'Asia/Shanghai')).toContain('每天约5小时，平时约10小时');
  });

  it('is told when the fall is slow', () => {
    const slow = Array.from({ length: 60 }, (_, i) => day(40 + i, Math.round(100 * 0.97 ** i), 10));
    const weeks = [7, 14, 21, 28].map((days) => routineDrifts([...usual(40), ...slow.slice(0, days)], all).length);
    expect(weeks).toContain(1);
  });

  it('is on the list for four weeks, and then the new way is the usual one', () => {
    const told = (days: number) => routineDrifts([...usual(60), ...fewer(days, 60)], all).length > 0;
    expect(told(20)).toBe(true);
    expect(told(45)).toBe(false);
  });
});

it('speaks only above five, and of days that are there', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(500), fc.nat(24)), { maxLength: 120 }), (amounts) => {
      const days = amounts.map(([litres, hours], i) => day(i, litres, hours));
      for (const drift of routineDrifts(days, all)) {
        expect(drift.cusum).toBeGreaterThanOrEqual(5);
        expect(days.some(({ startMs }) => startMs === drift.sinceMs)).toBe(true);
        expect(drift.days).toBeLessThanOrEqual(28);
      }
    }),
    { numRuns: 200 },
  );
});
