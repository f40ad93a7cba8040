import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntervalConsumption, IntervalKind } from '../../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../../src/domain/metering/units.ts';
import { windowConsumption } from '../../../../src/domain/metering/window-consumption.ts';
import { HOUR_MS } from '../../../../src/domain/time.ts';

describe('the water of a window of time', () => {
  it('adds up the hours that lie in it', () => {
    const day = hours('measured', 3, 4, 5, 6);
    expect(windowConsumption(day, 1 * HOUR_MS, 3 * HOUR_MS)).toEqual({ coverage: 1, knownLitres: 9, gapLitres: 0 });
  });

  it('knows nothing where there are no readings', () => {
    expect(windowConsumption([], 0, 4 * HOUR_MS)).toEqual({ coverage: 0, knownLitres: 0, gapLitres: 0 });
    expect(windowConsumption(hours('measured', 3), HOUR_MS, 4 * HOUR_MS).coverage).toBe(0);
  });

  it('counts an hour that began before it whole, so that it never says too little', () => {
    const window = windowConsumption(hours('measured', 8, 0), HOUR_MS / 2, 2 * HOUR_MS);
    expect(window).toEqual({ coverage: 1, knownLitres: 8, gapLitres: 0 });
  });

  it('counts a gap in which the register stood still as known', () => {
    expect(windowConsumption([gap('still_gap', 0, 4, 0)], 0, 4 * HOUR_MS).coverage).toBe(1);
  });

  it('takes a gap in which the register moved for proof of life, but for no knowledge of the time', () => {
    const window = windowConsumption([gap('moved_gap', 1, 3, 5)], 0, 4 * HOUR_MS);
    expect(window).toEqual({ coverage: 0, knownLitres: 0, gapLitres: 5 });
  });

  it('does not take a drip over a gap for proof of life', () => {
    expect(windowConsumption([gap('moved_gap', 1, 3, 4)], 0, 4 * HOUR_MS).gapLitres).toBe(0);
  });

  it('does not know on which side of its edge the water of a gap ran', () => {
    expect(windowConsumption([gap('moved_gap', 0, 3, 80)], HOUR_MS, 4 * HOUR_MS).gapLitres).toBe(0);
    expect(windowConsumption([gap('moved_gap', 2, 5, 80)], HOUR_MS, 4 * HOUR_MS).gapLitres).toBe(0);
  });

  it('knows nothing of the time in which the meter was exchanged', () => {
    const window = windowConsumption([gap('new_segment', 0, 1, 0), gap('measured', 1, 2, 2)], 0, 2 * HOUR_MS);
    expect(window).toEqual({ coverage: 0.5, knownLitres: 2, gapLitres: 0 });
  });

  it('is found the same by searching as by looking at every interval of the home', () => {
    fc.assert(
      fc.property(anyIntervals, fc.nat(60), fc.integer({ min: 1, max: 30 }), (intervals, start, length) => {
        const [fromMs, toMs] = [start * HOUR_MS, (start + length) * HOUR_MS];
        const touching = intervals.filter((interval) => interval.toMs > fromMs && interval.fromMs < toMs);
        const known = touching.filter(({ kind }) => kind === 'measured' || kind === 'still_gap');

        const window = windowConsumption(intervals, fromMs, toMs);
        expect(window.knownLitres).toBe(known.reduce((sum, { volumeLitres }) => sum + volumeLitres, 0));
        expect(window).toEqual(windowConsumption(touching, fromMs, toMs));
      }),
    );
  });

  it('is never known for less than none or more than all of its time', () => {
    fc.assert(
      fc.property(anyIntervals, fc.nat(60), fc.integer({ min: 1, max: 30 }), (intervals, start, length) => {
        const { coverage } = windowConsumption(intervals, start * HOUR_MS, (start + length) * HOUR_MS);
        expect(coverage).toBeGreaterThanOrEqual(0);
        expect(coverage).toBeLessThanOrEqual(1);
      }),
    );
  });
});

const KINDS = ['measured', 'still_gap', 'moved_gap', 'new_segment'] as const;

/** Neighbouring intervals of one to six hours, of any kind. */
const anyIntervals: fc.Arbitrary<IntervalConsumption[]> = fc
  .array(fc.tuple(fc.constantFrom(...KINDS), fc.integer({ min: 1, max: 6 }), fc.nat(100)), { maxLength: 20 })
  .map((parts) => {
    let hour = 0;
    return parts.map(([kind, length, volume]) => {
      hour += length;
      return gap(kind, hour - length, hour, kind === 'still_gap' ? 0 : volume);
    });
  });

function gap(kind: IntervalKind, fromHour: number, toHour: number, volume: number): IntervalConsumption {
  return { fromMs: fromHour * HOUR_MS, toMs: toHour * HOUR_MS, volumeLitres: litres(volume), kind };
}

function hours(kind: IntervalKind, ...volumes: number[]): IntervalConsumption[] {
  return volumes.map((volume, hour) => gap(kind, hour, hour + 1, volume));
}
