import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../../simulator/calendar.ts';
import { habitualDraws } from '../../../simulator/habits/daily-draws.ts';
import { HOUSEHOLD_KINDS, type HouseholdKind, householdKindAt } from '../../../simulator/habits/routine.ts';
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.ts';
import { leastIn, longestFlow } from './read-town.ts';

const DAYS = 60;
const HOMES = 40;
const FIRST_DAY = 20_500;
const WORST_LEAK = 4;

/** Litres in each full hour of 60 days: the hours of UTC, which meters keep, from the first midnight on. */
function hoursOf(kind: HouseholdKind, seed: number, timeZone = 'Asia/Shanghai'): number[] {
  const calendar = calendarOf(timeZone);
  const drawsOf = habitualDraws(kind, calendar, [seed]);
  const startMs = Math.floor(calendar.midnightMs(FIRST_DAY) / HOUR_MS) * HOUR_MS;
  const hours = Array.from({ length: DAYS * 24 }, () => 0);
  for (let day = FIRST_DAY; day < FIRST_DAY + DAYS; day += 1) {
    for (const { atMs, litres } of drawsOf(day)) {
      const hour = Math.floor((atMs - startMs) / HOUR_MS);
      if (hour < hours.length) hours[hour] = (hours[hour] ?? 0) + litres;
    }
  }
  return hours;
}

const homesOf = (kind: HouseholdKind) => Array.from({ length: HOMES }, (_, seed) => hoursOf(kind, seed));
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const average = (values: readonly number[]) => total(values) / values.length;

describe.each(HOUSEHOLD_KINDS)('the ordinary life of a home: %s', (kind) => {
  const homes = homesOf(kind);

  it('never has 24 hours that look as if somebody had stopped using water', () => {
    expect(Math.min(...homes.map((hours) => leastIn(hours, 24)))).toBeGreaterThanOrEqual(6);
  });

  it('shows somebody getting up every morning, and going to bed every evening', () => {
    for (const hours of homes) {
      const days = Array.from({ length: DAYS }, (_, day) => hours.slice(day * 24, (day + 1) * 24));
      expect(Math.min(...days.map((day) => total(day.slice(4, 12))))).toBeGreaterThanOrEqual(6);
      expect(Math.min(...days.map((day) => total(day.slice(18))))).toBeGreaterThanOrEqual(6);
    }
  });

  it('never looks like a tap left running, not even with a small leak on top', () => {
    for (const hours of homes.map((each) => each.map((volume) => volume + WORST_LEAK))) {
      expect(Math.max(...hours)).toBeLessThanOrEqual(130 + WORST_LEAK);
      expect(longestFlow(hours, 2)).toBeLessThan(150);
      expect(longestFlow(hours, 3)).toBeLessThan(60);
      expect(longestFlow(hours, 6)).toBeLessThan(30);
      expect(longestFlow(hours, 24)).toBeLessThan(5);
    }
  });

  it('uses what people use, a person and day', () => {
    const people = { early_riser: 1, worker: 1, couple: 2, family: 4 }[kind];
    const litresADay = average(homes.map((hours) => average(hours) * 24));

    expect(litresADay / people).toBeGreaterThan(50);
    expect(litresADay / people).toBeLessThan(170);
  });

  it('draws whole litres, and keeps the deep night all but dry', () => {
    const nightHours = homes.flatMap((hours) => hours.filter((_, hour) => hour % 24 < 4));

    expect(homes.flat().every(Number.isInteger)).toBe(true);
    expect(Math.max(...nightHours)).toBeLessThanOrEqual(20);
    expect(average(nightHours)).toBeLessThan(4);
  });
});

describe('the people of the town', () => {
  it('differ: workers are out at noon on a Wednesday and at home on a Saturday', () => {
    const noonOf = (dayOfWeek: number) =>
      homesOf('worker').flatMap((hours) =>
        hours.filter(
          (_, hour) => hour % 24 >= 9 && hour % 24 < 17 && (FIRST_DAY + Math.floor(hour / 24) + 4) % 7 === dayOfWeek,
        ),
      );

    expect(Math.max(...noonOf(3))).toBe(0);
    expect(average(noonOf(6))).toBeGreaterThan(2);
  });

  it('get up at their own time, not all at once', () => {
    const risesAt = homesOf('early_riser').map((hours) =>
      average(
        Array.from({ length: DAYS }, (_, day) =>
          hours.slice(day * 24 + 4, day * 24 + 12).findIndex((volume) => volume > 5),
        ),
      ),
    );

    expect(Math.max(...risesAt) - Math.min(...risesAt)).toBeGreaterThan(1);
  });

  it('live alone for the most part', () => {
    const kinds = Array.from({ length: 1_000 }, (_, n) => householdKindAt(n / 1_000));

    expect(kinds.filter((kind) => kind === 'early_riser' || kind === 'worker').length).toBeGreaterThan(600);
    expect(new Set(kinds)).toEqual(new Set(HOUSEHOLD_KINDS));
  });

  it('keep to the bounds where the clocks stand half an hour off, too', () => {
    const hours = Array.from({ length: 10 }, (_, seed) => hoursOf('family', seed, 'Asia/Kolkata'));

    for (const each of hours) {
      expect(leastIn(each, 24)).toBeGreaterThanOrEqual(6);
      expect(longestFlow(each, 3)).toBeLessThan(60);
    }
  });

  it('do today what they do today, whatever day the town began', () => {
    const calendar = calendarOf('Asia/Shanghai');
    const [once, again] = [1, 2].map(() => habitualDraws('couple', calendar, ['seed', 3]));
    once?.(FIRST_DAY);

    expect(once?.(FIRST_DAY + 9)).toEqual(again?.(FIRST_DAY + 9));
    expect(again?.(FIRST_DAY + 9).every(({ atMs }) => atMs < calendar.midnightMs(FIRST_DAY + 9) + DAY_MS)).toBe(true);
  });
});
