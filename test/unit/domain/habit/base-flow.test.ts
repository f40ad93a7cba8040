import { describe, expect, it } from 'vitest';
import { baseFlows } from '../../../../src/domain/habit/base-flow.ts';
import { intervalsOf } from '../../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../../src/domain/metering/units.ts';
import { HOUR_MS, MINUTE_MS } from '../../../../src/domain/time.ts';
import { hours, STARTS_MS, times } from './hours.ts';

const lastOf = (flows: readonly number[]) => flows.at(-1);

describe('the base flow of a home', () => {
  it('is what ran in the quietest two hours of a day and a night', () => {
    expect(lastOf(baseFlows(hours([...times(10, 3), 40, ...times(13, 3)])))).toBe(3);
  });

  it('is found in a drip that shows as a litre in one hour and none in the next', () => {
    expect(lastOf(baseFlows(hours([...times(12, 0, 1)])))).toBe(1);
    expect(lastOf(baseFlows(hours([...times(6, 0, 0, 1, 0)])))).toBe(0);
  });

  it('is nothing while the last 22 known hours are not all known, and nothing again after two dry hours', () => {
    const flows = baseFlows(hours([...times(30, 2), 0, 0, 2]));

    expect(flows.slice(0, 21)).toEqual(times(21, 0));
    expect(flows.slice(21, 30)).toEqual(times(9, 2));
    expect(flows.slice(31)).toEqual([0, 0]);
  });

  it('is not made of people who use water in every hour of an evening while readings are missing', () => {
    expect(lastOf(baseFlows(hours([...times(3, 5), ...times(20, undefined), ...times(3, 5)])))).toBe(0);
  });

  it('takes the known hours on both sides of a gap together, but none from days ago', () => {
    expect(lastOf(baseFlows(hours([...times(12, 2), ...times(10, undefined), 20, ...times(12, 2)])))).toBe(2);
    expect(lastOf(baseFlows(hours([...times(24, 2), ...times(90, undefined), 180, ...times(6, 2)])))).toBe(0);
  });

  it('cannot be told from readings that are many hours apart', () => {
    const daily = Array.from({ length: 9 }, (_, day) => ({
      readAtMs: STARTS_MS + day * 24 * HOUR_MS,
      indexLitres: litres(100 * day),
    }));
    const traits = { nominalIntervalMs: 24 * HOUR_MS, registerCapacityLitres: undefined };
    expect(baseFlows(intervalsOf(daily, traits))).toEqual(times(8, 0));
  });

  it('is the same from readings every quarter of an hour', () => {
    const quarters = Array.from({ length: 97 }, (_, quarter) => ({
      readAtMs: STARTS_MS + quarter * 15 * MINUTE_MS,
      indexLitres: litres(Math.floor(quarter / 2)),
    }));
    const traits = { nominalIntervalMs: 15 * MINUTE_MS, registerCapacityLitres: undefined };
    expect(lastOf(baseFlows(intervalsOf(quarters, traits)))).toBe(2);
  });
});
