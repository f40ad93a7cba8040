import { describe, expect, it } from 'vitest';
import { deliveriesOf } from '../../../bench/detect/arrivals.ts';
import { falseAlarmsOf, outcomesOf, stageHome } from '../../../bench/detect/evaluate.ts';
import { FIXED_RULES } from '../../../bench/detect/fixed-rules.ts';
import { INJECTIONS } from '../../../bench/detect/injections.ts';
import { knownSeries } from '../../../bench/detect/known-series.ts';
import { scoreRow } from '../../../bench/detect/score.ts';
import { wallClock } from '../../../bench/detect/wall-clock.ts';
import { intervalsOf } from '../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.ts';

const STARTS = Date.UTC(2026, 0, 1);
const clock = wallClock('Europe/Madrid');

/** A hundred days of somebody who draws ten litres each hour from seven to midnight, and is away for three days. */
const readings = livedIn((hour) => hour < 60 * 24 || hour >= 63 * 24);
/** The same without an absence. */
const alwaysThere = livedIn(() => true);

function livedIn(isAtHome: (hour: number) => boolean) {
  let drawn = 5_000;
  return Array.from({ length: 100 * 24 }, (_, hour) => {
    if (hour > 0 && (hour - 1) % 24 >= 7 && isAtHome(hour - 1)) drawn += 10;
    return { readAtMs: STARTS + hour * HOUR_MS, indexLitres: litres(drawn) };
  });
}

const injection = (name: string) => {
  const found = INJECTIONS.find((one) => one.name === name);
  if (!found) throw new Error(`nothing is called ${name}`);
  return found;
};
const staged = (name: string, arrival: 'hourly' | 'daily' = 'hourly', lived = readings) => {
  const rules = FIXED_RULES.filter((rule) => rule.name === name);
  const stage = stageHome({ meter: 'WM-1', readings: lived }, 0, arrival, rules, clock, 20);
  if (!stage) throw new Error('too short');
  return stage;
};
const hoursOf = (rule: string, name: string, arrival: 'hourly' | 'daily' = 'hourly') => {
  const stage = staged(rule, arrival);
  return stage.onsetsMs.flatMap((onsetMs) => outcomesOf(stage, injection(name), onsetMs).map((o) => o?.arrivalHours));
};

describe('judging a rule on a recorded home', () => {
  it('finds a person who stopped when the window is full, counted from when they stopped', () => {
    const hours = hoursOf('zero for 8 h', 'stop').filter((found) => found !== undefined);
    expect(hours.length).toBeGreaterThan(10);
    expect(Math.max(...hours)).toBe(8);
  });

  it('finds nothing where a leak keeps the register moving', () => {
    expect(hoursOf('zero for 8 h', 'stop under a leak of 1 L/h').every((found) => found === undefined)).toBe(true);
  });

  it('waits for the upload of a meter that sends once a day', () => {
    const hours = hoursOf('zero for 12 h', 'stop', 'daily').filter((found) => found !== undefined);
    expect(Math.max(...hours)).toBeGreaterThan(11);
  });

  it('counts an alarm in an absence apart from the others', () => {
    expect(falseAlarmsOf(staged('zero for 12 h'))).toEqual([[{ isAbsence: true }]]);
    expect(falseAlarmsOf(staged('2 m3 in 24 h'))).toEqual([[]]);
  });

  it('finds a tap by its volume', () => {
    expect(hoursOf('2 m3 in 24 h', 'tap at 300 L/h').every((found = 99) => found >= 6 && found <= 7)).toBe(true);
  });

  it('sees nothing wrong when the dial turns over', () => {
    expect(hoursOf('2 m3 in 24 h', 'rollover').every((found) => found === undefined)).toBe(true);
  });
});

describe('what is played into a home', () => {
  const alarmsEach = (rule: string, name: string) => {
    const stage = staged(rule, 'hourly', alwaysThere);
    return stage.onsetsMs.flatMap((onsetMs) => outcomesOf(stage, injection(name), onsetMs).map((o) => o?.alarms));
  };

  it('raises one alarm in an absence, however long, and none where it was announced', () => {
    expect(new Set(alarmsEach('24 h < 6 L', 'away 7 days'))).toEqual(new Set([1]));
    expect(new Set(alarmsEach('24 h < 6 L', 'away 7 days with notice'))).toEqual(new Set([0]));
  });

  it('leaves the home to itself where only the clock of the meter changes', () => {
    const moved = ['summer time begins', 'summer time ends', 'clock three hours slow'];
    expect(moved.flatMap((name) => alarmsEach('24 h < 6 L', name)).every((alarms) => alarms === 0)).toBe(true);
  });
});

describe('the ways of arriving', () => {
  it.each(['hourly', 'daily', 'late'] as const)('bring every reading (%s)', (arrival) => {
    const brought = deliveriesOf('WM-1', readings, arrival, clock).flatMap((delivery) => delivery.readings);
    expect(new Set(brought.map(({ readAtMs }) => readAtMs)).size).toBe(readings.length);
  });

  it('lose some packets, and never bring one before it was read', () => {
    const deliveries = deliveriesOf('WM-1', readings, 'packets', clock);
    const brought = deliveries.flatMap((delivery) => delivery.readings);
    expect(brought.length).toBeLessThan(readings.length);
    expect(brought.length).toBeGreaterThan(readings.length * 0.9);
    expect(deliveries.every(({ arrivesMs, readings: [first] }) => first && arrivesMs >= first.readAtMs)).toBe(true);
  });

  it('give the same intervals one by one as all at once, backflow included', () => {
    const wavering = readings.slice(0, 300).map(({ readAtMs, indexLitres }, position) => ({
      readAtMs,
      indexLitres: litres(indexLitres - (position % 50 > 40 ? 30 : 0)),
    }));
    const traits = { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined };
    const series = knownSeries([], traits);
    for (const reading of wavering) series.add([reading]);
    expect(series.intervals).toEqual(intervalsOf(wavering, traits));
  });
});

it('tells the two hours apart that a wall clock shows twice', () => {
  const first = clock.momentOf('2016-10-30 02:30:00');
  expect(new Date(first).toISOString()).toBe('2016-10-30T00:30:00.000Z');
  expect(clock.momentOf('2016-10-30 02:10:00', first)).toBe(first + 40 * 60_000);
  expect(new Date(clock.momentOf('2016-07-01 12:00:00')).toISOString()).toBe('2016-07-01T10:00:00.000Z');
});

it('adds homes up into a row', () => {
  const outcome = (hours: number | undefined) => ({ alarms: 1, arrivalHours: hours, readingHours: hours });
  const row = scoreRow(
    { rule: 'r', injection: 'stop', arrival: 'hourly' },
    { listensFor: ['stillness'], calls: 'stillness' },
    [
      { years: 1, falseAlarms: [{ isAbsence: true }, { isAbsence: false }], outcomes: [outcome(10), outcome(14)] },
      { years: 1, falseAlarms: [{ isAbsence: false }], outcomes: [outcome(20), outcome(undefined)] },
    ],
  );
  expect(row).toMatchObject({ households: 2, householdYears: 2, faAll: 1.5, faShort: 1, faAnnounced: 1 });
  expect(row).toMatchObject({
    ttdMedian: 20,
    ttdMean: 35,
    within12: 0.25,
    within18: 0.5,
    within24: 0.75,
    missed96: 0.25,
  });
  expect(readings.length * HOUR_MS).toBe(100 * DAY_MS);
});
