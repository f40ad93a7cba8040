import { describe, expect, it } from 'vitest';
import { meterFaults, stopsOfMeters } from '../../../src/detectors/meter-faults.ts';
import { home, hour, hoursOf } from './homes.ts';

/** Somebody who uses water from seven to eleven at night. */
const days = (count: number) => Array.from({ length: count }, () => [...hoursOf(7, 0), ...hoursOf(16, 9), 0]).flat();
const drip = (hourly: readonly (number | undefined)[], litres: number) =>
  hourly.map((volume) => (volume === undefined ? undefined : volume + litres));

describe('what readings say of meters and pipes', () => {
  it('is nothing where water stands still at night', () => {
    expect(meterFaults(home(days(3)))).toEqual([]);
  });

  it('is a leak of five litres an hour once water has not stood still for a day and a night', () => {
    expect(meterFaults(home([...days(1), ...drip(days(1), 7)]))).toEqual([]);
    expect(meterFaults(home([...days(1), ...drip([...days(1), 0, 0], 7)]))).toMatchObject([
      { kind: 'leak', evidence: { figure: 7, hours: 26, sinceMs: hour(24), asOfMs: hour(50) } },
    ]);
    expect(meterFaults(home([...days(1), ...drip([...days(1), 0, 0], 4)]))).toEqual([]);
  });

  it('is a smaller leak when it has lasted two days', () => {
    const dripping = drip([...days(1), ...days(1), 0, 0], 1);
    expect(meterFaults(home([...hoursOf(24, 0), ...dripping.slice(0, 45)]))).toEqual([]);
    expect(meterFaults(home([...hoursOf(24, 0), ...dripping]))).toMatchObject([
      { kind: 'leak', evidence: { figure: 1, hours: 50, sinceMs: hour(24), asOfMs: hour(74) } },
    ]);
  });

  it('is no leak any more after one dry hour, or two where a drip leaves single hours without a litre', () => {
    expect(meterFaults(home([...drip(days(3), 6), 0]))).toEqual([]);
    const stops = (...last: number[]) => stopsOfMeters(home([...drip(days(3), 1), ...last]), new Set([1]));
    expect(stops(0, 2)).toEqual([]);
    expect(stops(2, 0, 0)).toEqual([{ meterId: 1, stoppedMs: hour(75) }]);
  });

  it('is another leak when water has fallen by four fifths: a day later, with what runs then', () => {
    const fallen = [...hoursOf(60, 50), ...hoursOf(30, 8)];
    expect(meterFaults(home(fallen.slice(0, 62)))).toEqual([]);
    expect(stopsOfMeters(home(fallen.slice(0, 62)), new Set([1]))).toEqual([{ meterId: 1, stoppedMs: hour(62) }]);
    expect(meterFaults(home(fallen))).toMatchObject([{ kind: 'leak', evidence: { figure: 8, sinceMs: hour(62) } }]);
    expect(meterFaults(home([...hoursOf(60, 50), ...hoursOf(3, 11)]))).toMatchObject([{ kind: 'leak' }]);
  });

  it('is neither begun nor ended by hours that are not known', () => {
    const holes = (hours: readonly number[]) => (volume: number | undefined, hour: number) =>
      hours.includes(hour) ? undefined : volume;
    expect(meterFaults(home(hoursOf(72, 6).map(holes([60, 61, 62]))))).toMatchObject([{ kind: 'leak' }]);
    expect(meterFaults(home([...days(1), ...hoursOf(26, 6)].map(holes([30, 31, 32, 33, 34, 35]))))).toEqual([]);
    expect(stopsOfMeters(home(hoursOf(72, 6).map(holes([60, 61, 62]))), new Set([1]))).toEqual([]);
  });

  it('is a leak of a meter that counts by ten litres where water ran in 22 of 24 hours', () => {
    const coarse = (dry: number) => [...hoursOf(24, 0), 20, ...hoursOf(23 - dry, 10), ...hoursOf(dry, 0)];
    expect(meterFaults(home(coarse(2)))).toMatchObject([
      { kind: 'leak', evidence: { stepLitres: 10, hours: 22, litres: 230 } },
    ]);
    expect(meterFaults(home(coarse(3)))).toEqual([]);
    expect(stopsOfMeters(home(coarse(2)), new Set([1]))).toEqual([]);
    expect(stopsOfMeters(home(coarse(3)), new Set([1]))).toEqual([{ meterId: 1, stoppedMs: hour(48) }]);
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

    expect(meterFaults(fallen)).toMatchObject([{ kind: 'register_backward', evidence: { figure: 1 } }]);
    expect(meterFaults(twoMeters)).toMatchObject([{ kind: 'two_registers', evidence: { figure: 3 } }]);
    expect(meterFaults(home([9, 9, -200, 9, 0, 0]))).toEqual([]);
  });
});
