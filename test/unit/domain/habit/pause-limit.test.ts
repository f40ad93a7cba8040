import { describe, expect, it } from 'vitest';
import type { DatedPause, Pause } from '../../../../src/domain/habit/pause.ts';
import { packPauses } from '../../../../src/domain/habit/packed-pauses.ts';
import { pauseLimit as limitOfPacked, type PauseRule } from '../../../../src/domain/habit/pause-limit.ts';
import { DAY_MS, HOUR_MS } from '../../../../src/domain/time.ts';
import { times } from './hours.ts';

const rule = { chance: 0.05, chancePerHour: 0.0001, leastHours: 4, capHours: 24 };
const pause = (startHour: number, lastedHours: number, more: Partial<DatedPause> = {}): DatedPause => ({
  startMs: startHour * HOUR_MS,
  shownDayMs: Math.floor((startHour + lastedHours) / 24) * DAY_MS,
  startHour,
  lastedMs: lastedHours * HOUR_MS,
  isDayOff: false,
  hoursOfUseBefore: 8,
  ...more,
});
const pauseLimit = (began: Pause, past: readonly DatedPause[], by: PauseRule) =>
  limitOfPacked(began, packPauses(past), by);
/** Four months of somebody who sleeps for eight hours from ten at night and pauses for two at noon. */
const steady = times(120, pause(22, 8), pause(12, 2));

describe('how long a pause may last', () => {
  it('is no more than the cap for a home that is hardly known', () => {
    expect(pauseLimit(pause(22, 0), [], rule)).toEqual({ hours: 24, shareOver: undefined });
    expect(pauseLimit(pause(22, 0), times(19, pause(22, 8)), rule)).toEqual({ hours: 24, shareOver: undefined });
  });

  it('is longer than such a pause has ever lasted, where it always lasts the same, but not by much', () => {
    const night = pauseLimit(pause(22, 0), steady, rule);
    const noon = pauseLimit(pause(12, 0), steady, rule);

    expect(night.hours).toBeGreaterThan(9);
    expect(night.hours).toBeLessThan(17);
    expect(noon.hours).toBeLessThan(8);
    expect(night.shareOver).toBeGreaterThan(0.98);
  });

  it('comes later where one such pause in ten was long', () => {
    const sometimesOut = [...steady, ...times(12, pause(12, 7))];

    expect(pauseLimit(pause(12, 0), sometimesOut, rule).hours).toBeGreaterThan(7);
  });

  it('goes by until when on the clock people pause, over midnight too', () => {
    const untilSix = [pause(22, 8), pause(23.5, 6.5), pause(0.5, 5.5)];
    const limits = untilSix.map((kind) => pauseLimit(kind, times(120, pause(22, 8)), rule).hours);

    expect(limits[1]).toBeLessThan(limits[0] ?? 0);
    expect(limits[2]).toBeLessThan(limits[1] ?? 0);
    expect(pauseLimit(pause(23.5, 0), times(60, pause(0.5, 7)), rule).hours).toBeGreaterThan(
      pauseLimit(pause(0.5, 0), times(60, pause(0.5, 7)), rule).hours,
    );
  });

  it('weighs days off less than days like this one', () => {
    const longOnADayOff = times(6, ...times(40, pause(9, 2)), pause(9, 10, { isDayOff: true }));
    const hasty = { ...rule, chancePerHour: 0.003 };

    expect(pauseLimit(pause(9, 0), longOnADayOff, hasty).hours).toBeLessThan(7);
    expect(pauseLimit(pause(9, 0, { isDayOff: true }), longOnADayOff, hasty).hours).toBeGreaterThan(9);
  });

  it('weighs pauses after a day of much use little when hardly any water was used before this one', () => {
    const quietDays = times(40, pause(22, 8), pause(22, 14, { hoursOfUseBefore: 1 }));

    const afterQuiet = pauseLimit(pause(22, 0, { hoursOfUseBefore: 1 }), quietDays, rule).hours;
    expect(afterQuiet).toBeGreaterThan(15);
    expect(pauseLimit(pause(22, 0, { hoursOfUseBefore: 12 }), quietDays, rule).hours).toBeLessThan(afterQuiet);
  });

  it('does not wait where an hour more would not tell', () => {
    const tillThreeOrNoon = times(60, ...times(19, pause(20, 7)), pause(20, 16));
    const limitAt = (chancePerHour: number) =>
      pauseLimit(pause(20, 0), tillThreeOrNoon, { ...rule, chancePerHour }).hours;

    // After three in the morning nobody is back before noon. Whoever takes the one in twenty need not wait till eleven.
    expect(limitAt(0.01)).toBeLessThan(14);
    expect(limitAt(0.001)).toBeGreaterThan(16);
  });

  it('is shorter for a home at risk, and never longer than the cap', () => {
    const varied = Array.from({ length: 400 }, (_, i) => pause(22, 6 + (i % 40) / 4));
    const byWorth = [0.2, 0.03, 0.002, 0.00001].map(
      (chancePerHour) => pauseLimit(pause(22, 0), varied, { ...rule, chance: 0.2, chancePerHour }).hours,
    );

    expect(byWorth).toEqual([...byWorth].sort((a, b) => a - b));
    expect(byWorth[0]).toBeLessThan(byWorth.at(-1) ?? 0);
  });

  it('is not reached before a longer pause is as unlikely as was asked for', () => {
    const varied = Array.from({ length: 400 }, (_, i) => pause(22, 6 + (i % 40) / 4));
    const shares = [0.2, 0.05, 0.01].map(
      (chance) => pauseLimit(pause(22, 0), varied, { ...rule, chance, chancePerHour: 0.2 }).shareOver ?? 0,
    );

    expect(shares[0]).toBeGreaterThan(0.8);
    expect(shares[1]).toBeGreaterThan(0.95);
    expect(shares[2]).toBeGreaterThan(0.99);
  });

  it('is the cap where pauses are commonly longer: nobody could say why a shorter one alarms', () => {
    expect(pauseLimit(pause(22, 0), times(60, pause(22, 40)), rule)).toEqual({ hours: 24, shareOver: undefined });
  });
});
