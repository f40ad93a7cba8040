import { describe, expect, it } from 'vitest';
import { meterFaults } from '../../../src/detectors/meter-faults.ts';
import { home, hoursOf } from './homes.ts';

/** Somebody who uses water from seven to eleven at night. */
const days = (count: number) => Array.from({ length: count }, () => [...hoursOf(7, 0), ...hoursOf(16, 9), 0]).flat();
const drip = (hourly: readonly (number | undefined)[], litres: number) =>
  hourly.map((volume) => (volume === undefined ? undefined : volume + litres));

describe('what readings say of meters and pipes', () => {
  it('is nothing where water stands still at night', () => {
    expect(meterFaults(home(days(3)))).toEqual([]);
  });

  it('is a leak once water has not stood still for a day and a night', () => {
    expect(meterFaults(home([...days(1), ...drip(days(1), 1)]))).toEqual([]);
    expect(meterFaults(home([...days(1), ...drip([...days(1), 0, 0], 1)]))).toMatchObject([
      { kind: 'leak', figure: 1 },
    ]);
    expect(meterFaults(home([...days(1), ...drip([...days(1), 0, 0], 7)]))).toMatchObject([
      { kind: 'leak', figure: 7 },
    ]);
  });

  it('is no leak where a litre ran only in every third hour, nor after a dry night', () => {
    expect(meterFaults(home(Array.from({ length: 60 }, (_, hour) => (hour % 3 === 0 ? 1 : 0))))).toEqual([]);
    expect(meterFaults(home([...drip(days(2), 1), 0, 0, 0]))).toEqual([]);
  });

  it('is not opened by hours of which nothing is known', () => {
    const heardAtDaytimeOnly = days(4).map((volume, hour) => (hour % 24 < 7 ? undefined : (volume ?? 0) + 3));

    expect(meterFaults(home(heardAtDaytimeOnly))).toEqual([]);
  });

  it('is a register that fell further than water flows back, and two registers where it does so again and again', () => {
    const fallen = home([9, 9, -800, 9, 0, 0]);
    const twoMeters = home([9, -800, 809, -800, 809, -800, 809]);

    expect(meterFaults(fallen)).toMatchObject([{ kind: 'register_backward', figure: 1 }]);
    expect(meterFaults(twoMeters)).toMatchObject([{ kind: 'two_registers', figure: 3 }]);
    expect(meterFaults(home([9, 9, -200, 9, 0, 0]))).toEqual([]);
  });
});
