import { describe, expect, it } from 'vitest';
import { joinEpisodes, momentsOf } from '../../../src/detectors/detector.ts';
import { type HomeSeries, homeSeries } from '../../../src/detectors/home-series.ts';
import { armOwnRule } from '../../../src/detectors/own-rules/arm-own-rule.ts';
import type { OwnRule } from '../../../src/detectors/own-rules/own-rule.ts';
import { reasonFor } from '../../../src/domain/alerting/reason.ts';
import { localCalendar } from '../../../src/domain/local-calendar.ts';
import { intervalsOf } from '../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/time.ts';
import { home, hour, hoursOf, MIDNIGHT_MS } from './homes.ts';

const UNDER_10: OwnRule = {
  kind: 'low-use',
  name: 'under 10 L in 12 h',
  windowHours: 12,
  floorLitres: 10,
  minCoverage: 0.9,
};
const ZERO: OwnRule = { kind: 'low-use', name: 'zero for 8 h', windowHours: 8, floorLitres: 0, minCoverage: 0.9 };
const DAY: OwnRule = { kind: 'volume', name: 'over 2 m3 a day', litres: 2_000, per: 'day' };
const HALF_HOURS: OwnRule = { kind: 'continuous', name: 'every half hour of a day', slotMinutes: 30, windowHours: 24 };

const found = (rule: OwnRule, series: HomeSeries) =>
  joinEpisodes(momentsOf(series), armOwnRule(rule).conditionOf(series));
const began = (rule: OwnRule, series: HomeSeries) => found(rule, series).map(({ beganAtMs }) => beganAtMs);
const told = (rule: OwnRule, series: HomeSeries) =>
  (['en', 'zh-CN'] as const).map((language) => reasonFor(found(rule, series)[0]!.evidence, language, 'UTC'));

/** A home whose meter reads every so many minutes from a moment on. */
function metered(
  everyMinutes: number,
  volumes: readonly (number | undefined)[],
  fromMs = MIDNIGHT_MS,
  timeZone = 'UTC',
) {
  let index = 1_000;
  const readings = [{ readAtMs: fromMs, indexLitres: litres(index) }];
  volumes.forEach((volume, i) => {
    index += volume ?? 0;
    const readAtMs = fromMs + (i + 1) * everyMinutes * MINUTE_MS;
    if (volume !== undefined) readings.push({ readAtMs, indexLitres: litres(index) });
  });
  const traits = { nominalIntervalMs: everyMinutes * MINUTE_MS, registerCapacityLitres: undefined };
  const meter = { meterId: 1, boundFromMs: fromMs, boundUntilMs: Infinity, intervals: intervalsOf(readings, traits) };
  return homeSeries({ meters: [meter], excuses: [], calendar: localCalendar(timeZone) });
}

describe('“under 10 L in 12 h”', () => {
  it('speaks at nine litres and not at ten, and begins its reason with its name', () => {
    expect(began(UNDER_10, home([50, ...hoursOf(11, 0), 10]))).toEqual([]);
    expect(began(UNDER_10, home([50, ...hoursOf(11, 0), 9]))).toEqual([hour(13)]);
    expect(told(UNDER_10, home([50, ...hoursOf(11, 0), 9]))).toEqual([
      'under 10 L in 12 h: By 1 Mar 13:00, only 9 L of water in 12 h (under 10 L); last use: 1 Mar 13:00.',
      'under 10 L in 12 h：截至3月1日13:00，12小时内仅用水9升（低于10升）；最近一次用水：3月1日13:00。',
    ]);
  });

  it('is kept apart from the detector of its kind', () => {
    expect(armOwnRule(UNDER_10)).toMatchObject({ name: 'low-use:under 10 L in 12 h', needsEveryMeter: true });
  });
});

describe('“zero for 8 h”', () => {
  it('speaks when nothing ran, and a litre silences it', () => {
    expect(began(ZERO, home([20, ...hoursOf(8, 0)]))).toEqual([hour(9)]);
    expect(began(ZERO, home([20, ...hoursOf(7, 0), 1]))).toEqual([]);
    expect(told(ZERO, home([20, ...hoursOf(8, 0)]))).toEqual([
      'zero for 8 h: By 1 Mar 09:00, no water had been used in 8 h; last use: 1 Mar 01:00.',
      'zero for 8 h：截至3月1日09:00，8小时内未用水；最近一次用水：3月1日01:00。',
    ]);
  });

  it('does not take hours that nobody knows for hours without water', () => {
    expect(began(ZERO, home([20, ...hoursOf(12, undefined)]))).toEqual([]);
    expect(began(ZERO, home([20, ...hoursOf(7, undefined), 3]))).toEqual([]);
  });
});

describe('“over 2 m3 a day”', () => {
  it('speaks one litre above and not at the figure itself', () => {
    expect(began(DAY, home([...hoursOf(23, 80), 160]))).toEqual([]);
    expect(began(DAY, home([...hoursOf(23, 80), 161]))).toEqual([hour(24)]);
    expect(told(DAY, home([2_001]))).toEqual([
      'over 2 m3 a day: By 1 Mar 01:00, 2001 L of water had run in the day that began 1 Mar 00:00 (more than 2000 L).',
      'over 2 m3 a day：截至3月1日01:00，当天（自3月1日00:00起）用水2001升（超过2000升）。',
    ]);
  });

  it('begins at nothing again at midnight, and ends what the day before found', () => {
    expect(began(DAY, home([...hoursOf(23, 0), 1_500, 1_500, ...hoursOf(5, 0)]))).toEqual([]);
    const [episode] = found(DAY, home([...hoursOf(23, 0), 2_500, 10]));
    expect(episode).toMatchObject({ beganAtMs: hour(24), endedAtMs: hour(25) });
  });

  it('counts a reading two minutes past midnight to the day that ended', () => {
    const late = metered(60, [...hoursOf(23, 80), 161], MIDNIGHT_MS + 2 * MINUTE_MS);
    expect(began(DAY, late)).toEqual([MIDNIGHT_MS + 2 * MINUTE_MS + 24 * HOUR_MS]);
  });

  it.each([
    ['the clock goes forward and the day has 23 hours', '2026-03-28T23:00:00Z', 23],
    ['the clock goes back and the day has 25 hours', '2026-10-24T22:00:00Z', 25],
  ])('goes by the day of the home when %s', (_, midnight, hours) => {
    const fromMs = Date.parse(midnight);
    const berlin = (last: number, next: number) =>
      metered(60, [...hoursOf(hours - 1, 0), last, next, 0], fromMs, 'Europe/Berlin');
    expect(began(DAY, berlin(2_000, 1))).toEqual([]);
    expect(began(DAY, berlin(1_000, 1_500))).toEqual([]);
    expect(began(DAY, berlin(2_001, 0))).toEqual([fromMs + hours * HOUR_MS]);
  });

  it('counts water of an hour that got lost, but not of one that may have been yesterday', () => {
    expect(began(DAY, home([100, undefined, 2_000]))).toEqual([hour(3)]);
    expect(began(DAY, home([...hoursOf(23, 0), undefined, 2_500, 0]))).toEqual([]);
  });

  it('cannot tell on a meter that reads once a day, in the morning', () => {
    const daily = metered(24 * 60, [5_000, 5_000], hour(6));
    expect(armOwnRule(DAY).conditionOf(daily)(hour(54)).holds).toBeUndefined();
  });
});

describe('“over 500 L in 4 h”', () => {
  const rule: OwnRule = { kind: 'volume', name: 'over 500 L in 4 h', litres: 500, windowHours: 4 };

  it('goes by hours and not by days', () => {
    expect(began(rule, home([...hoursOf(22, 0), 125, 125, 125, 125]))).toEqual([]);
    expect(began(rule, home([...hoursOf(22, 0), 125, 125, 125, 126]))).toEqual([hour(26)]);
  });

  it('is quiet for a day after somebody has looked', () => {
    const check = { kind: 'check' as const, fromMs: hour(4), untilMs: hour(4) };
    const series = home(hoursOf(30, 200), [check]);
    expect(began(rule, series)).toEqual([hour(3), hour(29)]);
  });
});

describe('“every half hour of a day”', () => {
  it('speaks after a day with water in each half hour, and not with one that was dry', () => {
    expect(began(HALF_HOURS, metered(30, hoursOf(48, 1)))).toEqual([hour(24)]);
    expect(began(HALF_HOURS, metered(30, [...hoursOf(20, 1), 0, ...hoursOf(27, 1)]))).toEqual([]);
    expect(told(HALF_HOURS, metered(30, hoursOf(48, 1)))).toEqual([
      'every half hour of a day: By 2 Mar 00:00, water had run in every 30 minutes of 24 h, 48 L in all.',
      'every half hour of a day：截至3月2日00:00，24小时内每30分钟都有用水，共48升。',
    ]);
  });

  it('lets a quarter of an hour be dry where the meter reads so often', () => {
    const quarters = Array.from({ length: 96 }, (_, i) => i % 2);
    expect(began(HALF_HOURS, metered(15, quarters))).toEqual([hour(24)]);
    expect(began(HALF_HOURS, metered(15, quarters.with(51, 0)))).toEqual([]);
  });

  it('cannot tell where a reading is missing, and is no alarm', () => {
    const holey = metered(30, [...hoursOf(20, 1), undefined, ...hoursOf(40, 1)]);
    expect(began(HALF_HOURS, holey)).toEqual([]);
    expect(armOwnRule(HALF_HOURS).conditionOf(holey)(hour(24)).holds).toBeUndefined();
  });

  it('cannot tell on an hourly meter, though an hour without water denies it', () => {
    const conditionAt = (series: HomeSeries) => armOwnRule(HALF_HOURS).conditionOf(series)(hour(30)).holds;
    expect(conditionAt(home(hoursOf(30, 5)))).toBeUndefined();
    expect(conditionAt(home([...hoursOf(20, 5), 0, ...hoursOf(9, 5)]))).toBe(false);
  });
});
