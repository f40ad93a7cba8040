import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalsOf, walkRegister } from '../../../../src/domain/metering/interval-consumption.ts';
import type { MeterTraits, RegisterReading } from '../../../../src/domain/metering/register-reading.ts';
import { litres } from '../../../../src/domain/metering/units.ts';
import { HOUR_MS } from '../../../../src/domain/time.ts';

const HOURLY: MeterTraits = { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined };
const DIAL: MeterTraits = { nominalIntervalMs: HOUR_MS, registerCapacityLitres: litres(100_000) };

describe('the water between two readings', () => {
  it('is what the register moved by', () => {
    expect(intervalsOf(hourly(1_000, 1_012), HOURLY)).toEqual([
      { fromMs: 0, toMs: HOUR_MS, volumeLitres: 12, kind: 'measured' },
    ]);
  });

  it('is unknown before the first reading and after the last', () => {
    expect(intervalsOf([], HOURLY)).toEqual([]);
    expect(intervalsOf(hourly(1_000), HOURLY)).toEqual([]);
  });

  it('is known to be none where readings are missing and the register stood still', () => {
    const [night] = intervalsOf([at(0, 500), at(5, 500)], HOURLY);
    expect(night).toMatchObject({ kind: 'still_gap', volumeLitres: 0 });
  });

  it('ran at an unknown time where readings are missing and the register moved', () => {
    const [night] = intervalsOf([at(0, 500), at(5, 530)], HOURLY);
    expect(night).toMatchObject({ kind: 'moved_gap', volumeLitres: 30 });
  });

  it('still belongs to its hour when a reading comes half an interval late, and not a moment later', () => {
    const [late] = intervalsOf([at(0, 500), at(1.5, 501)], HOURLY);
    const [tooLate] = intervalsOf([at(0, 500), at(1.501, 501)], HOURLY);
    expect([late?.kind, tooLate?.kind]).toEqual(['measured', 'moved_gap']);
  });

  it('is no use when it flowed back, nor until the register is past where it had been', () => {
    expect(volumes(hourly(1_000, 900, 960, 1_040), HOURLY)).toEqual([0, 0, 40]);
  });

  it('is neither use nor none where it flowed back and forth, but none where the register stood still there', () => {
    const kinds = intervalsOf(hourly(1_000, 800, 800, 900, 1_050), HOURLY).map(({ kind }) => kind);
    expect(kinds).toEqual(['backflow', 'measured', 'backflow', 'measured']);
  });

  it('is not known when the register fell too far to have flowed back: it is another dial', () => {
    const [exchange, after] = intervalsOf(hourly(1_000, 799, 805), HOURLY);
    expect(exchange).toMatchObject({ kind: 'new_segment', volumeLitres: 0 });
    expect(after).toMatchObject({ kind: 'measured', volumeLitres: 6 });
  });

  it('goes on across the end of the dial', () => {
    expect(intervalsOf(hourly(99_990, 15), DIAL)[0]).toMatchObject({ kind: 'measured', volumeLitres: 25 });
  });

  it('is not taken for a turn of the dial when the register had not come near its end', () => {
    expect(intervalsOf(hourly(89_999, 15), DIAL)[0]).toMatchObject({ kind: 'new_segment', volumeLitres: 0 });
    expect(intervalsOf(hourly(99_990, 10_001), DIAL)[0]).toMatchObject({ kind: 'new_segment', volumeLitres: 0 });
  });
});

describe('any meter', () => {
  it('gives the same intervals whatever the order of its readings and however often they come', () => {
    const scrambled = anyReadings.chain((readings) =>
      fc.record({
        readings: fc.constant(readings),
        scrambled: fc
          .array(fc.constantFrom(...readings), { maxLength: 20 })
          .chain((repeats) =>
            fc.shuffledSubarray([...readings, ...repeats], { minLength: readings.length + repeats.length }),
          ),
      }),
    );
    fc.assert(
      fc.property(scrambled, ({ readings, scrambled: arrived }) => {
        expect(intervalsOf(arrived, DIAL)).toEqual(intervalsOf(readings, DIAL));
      }),
    );
  });

  it('covers the time from its first reading to its last without overlap, and never with less than no water', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const intervals = intervalsOf(readings, DIAL);
        const times = [...new Set(readings.map(({ readAtMs }) => readAtMs))].toSorted((a, b) => a - b);
        expect(intervals.map(({ fromMs }) => fromMs)).toEqual(times.slice(0, -1));
        expect(intervals.map(({ toMs }) => toMs)).toEqual(times.slice(1));
        expect(intervals.every(({ volumeLitres }) => volumeLitres >= 0)).toBe(true);
      }),
    );
  });

  it('loses no litre over any number of turns of its dial', () => {
    const uses = fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(uses, fc.integer({ min: 0, max: 99_999 }), (used, start) => {
        let total = start;
        const dial = [start, ...used.map((litresUsed) => (total += litresUsed) % 100_000)];
        expect(volumes(hourly(...dial), DIAL)).toEqual(used);
      }),
    );
  });

  it('turns an exchange, wherever it happens, into one unknown interval and no water', () => {
    const uses = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(uses, fc.nat(), (used, position) => {
        const exchangedAfter = position % used.length;
        let total = 5_000;
        const dial = [total];
        used.forEach((litresUsed, hour) => {
          total = hour === exchangedAfter ? 0 : total + litresUsed;
          dial.push(total);
        });
        const intervals = intervalsOf(hourly(...dial), HOURLY);

        expect(intervals.flatMap(({ kind }, hour) => (kind === 'new_segment' ? [hour] : []))).toEqual([exchangedAfter]);
        expect(intervals.map(({ volumeLitres }) => volumeLitres)).toEqual(
          used.map((litresUsed, hour) => (hour === exchangedAfter ? 0 : litresUsed)),
        );
      }),
    );
  });
});

const anyReadings: fc.Arbitrary<RegisterReading[]> = fc.array(
  fc.record({
    readAtMs: fc.integer({ min: 0, max: 60 }).map((step) => step * (HOUR_MS / 2)),
    indexLitres: fc.integer({ min: 0, max: 99_999 }).map(litres),
  }),
  { minLength: 1, maxLength: 40 },
);

function at(hour: number, indexLitres: number): RegisterReading {
  return { readAtMs: hour * HOUR_MS, indexLitres: litres(indexLitres) };
}

function hourly(...register: number[]): RegisterReading[] {
  return register.map((indexLitres, hour) => at(hour, indexLitres));
}

function volumes(readings: RegisterReading[], traits: MeterTraits): number[] {
  return intervalsOf(readings, traits).map(({ volumeLitres }) => volumeLitres);
}

describe('a walk that starts in the middle of a history', () => {
  it('goes on as one from the beginning would, if it is told how far the register had been', () => {
    const moves = fc.array(fc.integer({ min: -150, max: 60 }), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(moves, fc.nat(), (volumes, anywhere) => {
        const dial = volumes.reduce((soFar, volume) => [...soFar, (soFar.at(-1) ?? 0) + volume], [90_000]);
        const readings = hourly(...dial);
        const middle = anywhere % readings.length;
        const whole = walkRegister(readings, DIAL);
        const startMs = readings[middle]?.readAtMs ?? 0;
        const reached = whole.heldBack.find(({ readAtMs }) => readAtMs === startMs);

        const rest = walkRegister(readings.slice(middle), DIAL, reached?.floorLitres);
        expect(rest.intervals).toEqual(whole.intervals.slice(middle));
        expect(rest.heldBack).toEqual(whole.heldBack.filter(({ readAtMs }) => readAtMs >= startMs));
      }),
    );
  });
});
