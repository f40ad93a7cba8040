import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalsOf } from '../../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../../src/domain/metering/units.ts';
import { type LowUseRule, verdictOf } from '../../../../src/domain/metering/verdict.ts';
import { windowConsumption, type WindowConsumption } from '../../../../src/domain/metering/window-consumption.ts';
import { HOUR_MS } from '../../../../src/domain/time.ts';

const RULE: LowUseRule = { windowHours: 24, floorLitres: 6, minCoverage: 0.9 };

describe('the verdict on a home', () => {
  it('is that water was used from the floor on, and not a litre below it', () => {
    expect(verdictOf([seen(1, 6)], RULE)).toBe('USED');
    expect(verdictOf([seen(1, 5)], RULE)).toBe('NOT_USED');
  });

  it('is that nobody can tell when too little of the window is known', () => {
    expect(verdictOf([seen(0.9, 0)], RULE)).toBe('NOT_USED');
    expect(verdictOf([seen(0.89, 0)], RULE)).toBe('CANNOT_TELL');
  });

  it('is that nobody can tell of a home without a meter', () => {
    expect(verdictOf([], RULE)).toBe('CANNOT_TELL');
  });

  it('believes in use even when most of the window is missing', () => {
    expect(verdictOf([seen(0.1, 6)], RULE)).toBe('USED');
    expect(verdictOf([{ coverage: 0, knownLitres: 0, gapLitres: 30 }], RULE)).toBe('USED');
  });

  it('adds up the meters of a home, and wants proof of little use from every one of them', () => {
    expect(verdictOf([seen(1, 3), seen(1, 3)], RULE)).toBe('USED');
    expect(verdictOf([seen(1, 0), seen(0.5, 0)], RULE)).toBe('CANNOT_TELL');
    expect(verdictOf([seen(1, 0), seen(1, 5)], RULE)).toBe('NOT_USED');
  });

  it('is never drawn from silence: a meter that stopped reporting hours ago proves nothing', () => {
    const register = fc.array(fc.nat(20), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(register, fc.integer({ min: 3, max: 200 }), (uses, silentHours) => {
        let index = 1_000;
        const readings = uses.map((used, hour) => ({ readAtMs: hour * HOUR_MS, indexLitres: litres((index += used)) }));
        const intervals = intervalsOf(readings, { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined });
        const asOfMs = (uses.length - 1 + silentHours) * HOUR_MS;

        const window = windowConsumption(intervals, asOfMs - RULE.windowHours * HOUR_MS, asOfMs);
        expect(verdictOf([window], RULE)).not.toBe('NOT_USED');
      }),
    );
  });
});

function seen(coverage: number, knownLitres: number): WindowConsumption {
  return { coverage, knownLitres, gapLitres: 0 };
}
