import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localCalendar } from '../../../../src/domain/local-calendar.ts';
import { type BoundMeter, homeDays } from '../../../../src/domain/metering/home-day.ts';
import { intervalsOf } from '../../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../../src/domain/metering/units.ts';
import { windowConsumption } from '../../../../src/domain/metering/window-consumption.ts';

const HOUR = 3_600_000;
const FIRST = '2000-01-01';
const shanghai = localCalendar('Asia/Shanghai');
const CALENDARS = ['Asia/Shanghai', 'Europe/Vienna', 'America/Santiago', 'Australia/Lord_Howe'].map(localCalendar);
const at = (text: string) => Date.parse(`${text}+08:00`);

interface Dial {
  readonly atMs: number;
  readonly litres: number;
}

/** A meter that is to report every hour. */
function meter(dial: readonly Dial[], bound: { fromMs?: number; untilMs?: number } = {}): BoundMeter {
  const readings = dial.map((each) => ({ readAtMs: each.atMs, indexLitres: litres(each.litres) }));
  const traits = { nominalIntervalMs: HOUR, registerCapacityLitres: litres(100_000) };
  return {
    boundFromMs: bound.fromMs ?? dial[0]?.atMs ?? 0,
    boundUntilMs: bound.untilMs ?? Infinity,
    readAtMs: readings.map(({ readAtMs }) => readAtMs),
    intervals: intervalsOf(readings, traits),
  };
}

const dial = (text: string, value: number): Dial => ({ atMs: at(text), litres: value });
const summary = (meters: readonly BoundMeter[], first = FIRST) =>
  homeDays(meters, shanghai, first).map(({ day, knownMs, ...sums }) => ({
    date: day.date,
    hours: knownMs / HOUR,
    ...sums,
  }));

describe('a day of a home', () => {
  it('holds what ran from its midnight to the next', () => {
    const days = summary([
      meter([
        dial('2026-03-01T22:00', 100),
        dial('2026-03-01T23:00', 110),
        dial('2026-03-02T00:00', 130),
        dial('2026-03-02T01:00', 170),
      ]),
    ]);

    expect(days).toMatchObject([
      { date: '2026-03-01', litres: 30, estimatedLitres: 0, hours: 2, readings: 2 },
      { date: '2026-03-02', litres: 40, estimatedLitres: 0, hours: 1, readings: 2 },
    ]);
  });

  it('gets its share by time of an hour that reaches over midnight, in whole litres that add up', () => {
    const days = summary([meter([dial('2026-03-01T23:20', 100), dial('2026-03-02T00:20', 110)])]);

    expect(days).toMatchObject([
      { date: '2026-03-01', litres: 6, estimatedLitres: 6 },
      { date: '2026-03-02', litres: 4, estimatedLitres: 4 },
    ]);
  });

  it('says how much of it was divided, and that readings are missing, after a silence of days', () => {
    const days = summary([
      meter([
        dial('2026-03-01T11:00', 100),
        dial('2026-03-01T12:00', 105),
        dial('2026-03-03T12:00', 585),
        dial('2026-03-03T13:00', 590),
      ]),
    ]);

    expect(days).toMatchObject([
      { date: '2026-03-01', litres: 125, estimatedLitres: 120, hours: 1, hasGap: true },
      { date: '2026-03-02', litres: 240, estimatedLitres: 240, hours: 0, hasGap: true, readings: 0 },
      { date: '2026-03-03', litres: 125, estimatedLitres: 120, hours: 1, hasGap: true },
    ]);
  });

  it('is known when the register stood still over a silence', () => {
    const days = summary([meter([dial('2026-03-01T12:00', 100), dial('2026-03-03T12:00', 100)])]);

    expect(days.map(({ date, hours, hasGap }) => [date, hours, hasGap])).toEqual([
      ['2026-03-01', 12, true],
      ['2026-03-02', 24, true],
      ['2026-03-03', 12, true],
    ]);
  });

  it('takes neither water that flowed back nor another dial for use, and says so', () => {
    const days = summary([
      meter([
        dial('2026-03-01T01:00', 5_000),
        dial('2026-03-01T02:00', 4_990),
        dial('2026-03-01T03:00', 4_998),
        dial('2026-03-02T01:00', 5_003),
        dial('2026-03-02T02:00', 12),
        dial('2026-03-02T03:00', 15),
      ]),
    ]);

    expect(days).toMatchObject([
      { date: '2026-03-01', hasBackflow: true, hasNewDial: false },
      { date: '2026-03-02', hasBackflow: false, hasNewDial: true },
    ]);
    expect(days.reduce((sum, day) => sum + day.litres, 0)).toBe(3 + 3);
  });

  it('goes on over the end of the dial', () => {
    const days = summary([meter([dial('2026-03-01T01:00', 99_990), dial('2026-03-01T02:00', 5)])]);

    expect(days).toMatchObject([{ litres: 15, hours: 1, hasNewDial: false }]);
  });

  it('adds up an old meter and the one that came after it', () => {
    const noon = at('2026-03-01T12:00');
    const days = summary([
      meter([dial('2026-03-01T10:00', 70_000), dial('2026-03-01T11:00', 70_020)], { untilMs: noon }),
      meter([dial('2026-03-01T12:00', 0), dial('2026-03-01T13:00', 7)], { fromMs: noon }),
    ]);

    expect(days).toMatchObject([{ litres: 27, hours: 2, readings: 4, hasNewDial: false }]);
  });

  it('is known only for as long as each of two meters is', () => {
    const fromMs = at('2026-03-01T10:00');
    const days = summary([
      meter([dial('2026-03-01T10:00', 0), dial('2026-03-01T11:00', 5), dial('2026-03-01T12:00', 9)]),
      meter([dial('2026-03-01T11:00', 0), dial('2026-03-01T12:00', 3), dial('2026-03-01T13:00', 3)], { fromMs }),
    ]);

    expect(days).toMatchObject([{ litres: 12, hours: 1 }]);
  });

  it('is left out before the first day that was asked for', () => {
    const days = summary([meter([dial('2026-03-01T23:30', 100), dial('2026-03-02T00:30', 110)])], '2026-03-02');

    expect(days).toMatchObject([{ date: '2026-03-02', litres: 5, readings: 1 }]);
  });
});

const calendars = fc.constantFrom(...CALENDARS);
const dials = fc
  .tuple(
    fc.date({ min: new Date('2025-09-01'), max: new Date('2026-11-01'), noInvalidDate: true }),
    fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 3_000 }), litres: fc.integer({ min: -40, max: 300 }) }), {
      maxLength: 60,
    }),
  )
  .map(([start, moves]) => {
    const register: Dial[] = [{ atMs: start.getTime(), litres: 50_000 }];
    for (const { minutes, litres: volume } of moves) {
      const last = register.at(-1)!;
      register.push({ atMs: last.atMs + minutes * 60_000, litres: last.litres + volume });
    }
    return register;
  });

describe('whatever a meter reports', () => {
  it('all days together hold what the register moved forward, no litre more or less', () => {
    fc.assert(
      fc.property(calendars, dials, (calendar, register) => {
        const home = meter(register);
        const days = homeDays([home], calendar, FIRST);
        const moved = home.intervals.reduce((sum, { volumeLitres }) => sum + volumeLitres, 0);
        expect(days.reduce((sum, day) => sum + day.litres, 0)).toBe(moved);
        expect(days.reduce((sum, day) => sum + day.readings, 0)).toBe(register.length);
        for (const day of days) expect(day.estimatedLitres).toBeLessThanOrEqual(day.litres);
      }),
    );
  });

  it('a day is known for the time for which the detectors know its window', () => {
    fc.assert(
      fc.property(calendars, dials, (calendar, register) => {
        const home = meter(register);
        for (const { day, knownMs } of homeDays([home], calendar, FIRST)) {
          const { coverage } = windowConsumption(home.intervals, day.startMs, day.endMs);
          expect(knownMs).toBeCloseTo(coverage * (day.endMs - day.startMs), 3);
        }
      }),
    );
  });

  it('a second meter that is known throughout takes nothing from what is known', () => {
    fc.assert(
      fc.property(calendars, dials, (calendar, register) => {
        const [first, last] = [register[0]!, register.at(-1)!];
        const home = meter(register, { untilMs: last.atMs });
        const still = meter(
          [
            { atMs: first.atMs, litres: 7 },
            { atMs: last.atMs, litres: 7 },
          ],
          { untilMs: last.atMs },
        );
        const known = (meters: readonly BoundMeter[]) =>
          homeDays(meters, calendar, FIRST).reduce((sum, { knownMs }) => sum + knownMs, 0);
        expect(known(register.length > 1 ? [home, still] : [home])).toBe(known([home]));
      }),
    );
  });
});
