import { describe, expect, it } from 'vitest';
import { type PastPause, pauseLimit } from '../../../../src/domain/habit/pause-limit.ts';
import { HOUR_MS } from '../../../../src/domain/time.ts';
import { times } from './hours.ts';

const rule = { chance: 0.005, leastHours: 4, capHours: 24 };
const pause = (startHour: number, lastedHours: number, more: Partial<PastPause> = {}): PastPause => ({
  startHour,
  lastedMs: lastedHours * HOUR_MS,
  isDayOff: false,
  hoursOfUseBefore: 8,
  ...more,
});
/** Four months of somebody who sleeps for eight hours from ten at night and pauses for two at noon. */
const steady = times(120, pause(22, 8), pause(12, 2));

describe('how long a pause may last', () => {
  it('is no more than the cap for a home that is hardly known', () => {
    expect(pauseLimit(pause(22, 0), [], rule)).toEqual({ hours: 24, shareOver: undefined });
    expect(pauseLimit(pause(22, 0), times(19, pause(22, 8)), rule)).toEqual({ hours: 24, shareOver: undefined });
  });

  it('is a little longer than such a pause has ever lasted, where it always lasts the same', () => {
    const night = pauseLimit(pause(22, 0), steady, rule);
    const noon = pauseLimit(pause(12, 0), steady, rule);

    expect(night.hours).toBe(9);
    expect(noon.hours).toBe(4);
    expect(night.shareOver).toBeGreaterThan(0.98);
  });

  it('comes later where one such pause in ten was long', () => {
    const sometimesOut = [...steady, ...times(12, pause(12, 7))];

    expect(pauseLimit(pause(12, 0), sometimesOut, rule).hours).toBeGreaterThan(7);
  });

  it('goes by until when on the clock people pause, over midnight too', () => {
    expect(pauseLimit(pause(23.5, 0), steady, rule).hours).toBe(7);
    expect(pauseLimit(pause(0.5, 0), times(60, pause(23.5, 8)), rule).hours).toBe(8);
    expect(pauseLimit(pause(23.5, 0), times(60, pause(0.5, 7)), rule).hours).toBe(9);
  });

  it('weighs days off less than days like this one', () => {
    const longOnDaysOff = times(30, ...times(10, pause(9, 2)), pause(9, 10, { isDayOff: true }));

    const workday = pauseLimit(pause(9, 0), longOnDaysOff, { ...rule, chance: 0.08 });
    const dayOff = pauseLimit(pause(9, 0, { isDayOff: true }), longOnDaysOff, { ...rule, chance: 0.08 });
    expect(workday.hours).toBeLessThan(dayOff.hours);
  });

  it('weighs pauses after a day of much use little when hardly any water was used before this one', () => {
    const quietDays = times(40, pause(22, 8), pause(22, 14, { hoursOfUseBefore: 1 }));

    expect(pauseLimit(pause(22, 0, { hoursOfUseBefore: 1 }), quietDays, rule).hours).toBe(15);
    expect(pauseLimit(pause(22, 0, { hoursOfUseBefore: 12 }), quietDays, rule).hours).toBeLessThanOrEqual(15);
  });

  it('is shorter for a home at risk, and never longer than the cap', () => {
    const varied = Array.from({ length: 400 }, (_, i) => pause(22, 6 + (i % 40) / 4));
    const byChance = [0.3, 0.1, 0.01, 0.001].map(
      (chance) => pauseLimit(pause(22, 0), varied, { ...rule, chance }).hours,
    );

    expect(byChance).toEqual([...byChance].sort((a, b) => a - b));
    expect(byChance[0]).toBeLessThan(byChance.at(-1) ?? 0);
    expect(pauseLimit(pause(22, 0), times(60, pause(22, 40)), rule)).toEqual({ hours: 24, shareOver: undefined });
  });
});
