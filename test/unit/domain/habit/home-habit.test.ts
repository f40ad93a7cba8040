import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { homeSeries } from '../../../../src/detectors/home-series.ts';
import { habitBefore, NO_HABIT } from '../../../../src/domain/habit/home-habit.ts';
import { unpackDays } from '../../../../src/domain/habit/packed-days.ts';
import { unpackPauses } from '../../../../src/domain/habit/packed-pauses.ts';
import { localCalendar } from '../../../../src/domain/local-calendar.ts';
import type { IntervalConsumption } from '../../../../src/domain/metering/interval-consumption.ts';
import { DAY_MS, HOUR_MS } from '../../../../src/domain/time.ts';
import { hour, hours, STARTS_MS, times } from './hours.ts';

const calendar = localCalendar('UTC');
const seriesOf = (hourly: readonly (number | undefined)[], fromMs = -Infinity, habit = NO_HABIT) => {
  const intervals = hours(hourly).filter(({ fromMs: began }) => began >= fromMs);
  const meter = { meterId: 1, boundFromMs: STARTS_MS, boundUntilMs: Infinity, intervals };
  return homeSeries({ meters: [meter], excuses: [], calendar, habit });
};
/** Somebody who draws water at seven, noon and six, and ten litres more on the second day. */
const day = (more = 0) => [...times(7, 0), 8 + more, ...times(4, 0), 6, ...times(5, 0), 9, ...times(5, 0)];

describe('what is known of a home', () => {
  it('is its pauses and its days, up to the midnight before the newest reading', () => {
    const { habit } = seriesOf([...day(), ...day(10), 0]);

    expect(habit.untilMs).toBe(hour(48));
    expect(unpackPauses(habit.pauses).map(({ startHour, lastedMs }) => [startHour, lastedMs / HOUR_MS])).toEqual([
      [8, 4],
      [13, 5],
      [19, 12],
      [8, 4],
      [13, 5],
    ]);
    expect(unpackDays(habit.days)).toEqual([
      { startMs: hour(0), litres: 23, knownHours: 24, hoursOfUse: 3, greatestFlows: [0, 0, 0] },
      { startMs: hour(24), litres: 33, knownHours: 24, hoursOfUse: 3, greatestFlows: [0, 0, 0] },
    ]);
  });

  it('has of each day the greatest flow that lasted two, three and six hours', () => {
    const { habit } = seriesOf([...times(6, 0), 50, 40, 30, 5, 5, 5, ...times(12, 0), 0]);

    expect(unpackDays(habit.days)[0]?.greatestFlows).toEqual([40, 30, 5]);
  });

  it('leaves out, for a day, what was not over when it began and what is too long ago', () => {
    const { habit } = seriesOf([...day(), ...day(), ...day(), 0]);

    expect(unpackPauses(habitBefore(habit, hour(24)).pauses)).toHaveLength(2);
    expect(unpackDays(habitBefore(habit, hour(48)).days)).toHaveLength(2);
    expect(unpackDays(habitBefore(habit, hour(240 * 24 + 26)).days)).toHaveLength(1);
  });

  it('is the same whether all readings are looked at once, or the later ones added to what was kept', () => {
    const use = fc.oneof(
      { weight: 6, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 90 }) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
    fc.assert(
      fc.property(fc.array(use, { minLength: 200, maxLength: 260 }), fc.integer({ min: 4, max: 8 }), (hourly, days) => {
        const whole = seriesOf(hourly).habit;
        const kept = habitBefore(whole, STARTS_MS + days * DAY_MS, Infinity);
        fc.pre(kept.untilMs <= whole.untilMs);

        expect(seriesOf(hourly, kept.untilMs - 74 * HOUR_MS, kept).habit).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('needs no readings but those up to its end and, of each meter, the next', () => {
    const litres = fc.oneof(
      { weight: 6, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 90 }) },
      { weight: 3, arbitrary: fc.constant(undefined) },
    );
    const hourly = fc.array(litres, { minLength: 200, maxLength: 260 });
    fc.assert(
      fc.property(fc.tuple(hourly, hourly), fc.integer({ min: 4, max: 8 }), (byMeter, days) => {
        const untilMs = STARTS_MS + days * DAY_MS;
        const metersUpTo = (isKnown: (intervals: readonly IntervalConsumption[]) => IntervalConsumption[]) =>
          byMeter.map((each, i) => ({
            meterId: i,
            boundFromMs: STARTS_MS,
            boundUntilMs: Infinity,
            intervals: isKnown(hours(each)),
          }));
        const habitOf = (meters: ReturnType<typeof metersUpTo>) =>
          homeSeries({ meters, excuses: [], calendar, habit: NO_HABIT }).habit;
        const whole = habitOf(metersUpTo((intervals) => [...intervals]));
        fc.pre(whole.untilMs >= untilMs);
        const upToNext = habitOf(metersUpTo((intervals) => intervals.filter(({ fromMs }) => fromMs < untilMs)));

        expect(habitBefore(upToNext, untilMs, Infinity)).toEqual(habitBefore(whole, untilMs, Infinity));
      }),
      { numRuns: 200 },
    );
  });
});
