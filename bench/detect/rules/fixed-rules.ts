import { FIELD_RULES } from '../../../src/detectors/backtest/field-rules.ts';
import { CLOCK_LEEWAY_MS, isExcused } from '../../../src/detectors/detector.ts';
import { measuredStretch } from '../../../src/detectors/running-water.ts';
import { type LowUseRule, verdictOf } from '../../../src/domain/metering/verdict.ts';
import { windowConsumption } from '../../../src/domain/metering/window-consumption.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import type { Rule, Seen } from './rule.ts';

/** The rules that authorities and utilities are known to use. "Zero" is less than one litre. */
export const FIXED_RULES: readonly Rule[] = [
  ...FIELD_RULES.map(([name, hours, floorLitres]) => under(name, hours, Math.max(1, floorLitres))),
  over('2 m3 in 24 h', 24, 2_000),
  inEveryHour('a gallon in each of 24 h', 24, 4),
];

/** A meter's clock wanders by seconds: the reading that began the window is not to bring the hour before it in. */
function windowMs(hours: number): number {
  return hours * HOUR_MS - CLOCK_LEEWAY_MS;
}

function intervalsOf({ home }: Seen) {
  return home.meters[0]?.intervals ?? [];
}

function under(name: string, windowHours: number, floorLitres: number): Rule {
  const rule: LowUseRule = { windowHours, floorLitres, minCoverage: 0.9 };
  return {
    name,
    listensFor: ['stillness'],
    lookOver: (seen) => {
      const intervals = intervalsOf(seen);
      return (atMs) => {
        if (isExcused(seen.home, ['absence'], atMs - windowMs(windowHours), atMs)) return false;
        const verdict = verdictOf([windowConsumption(intervals, atMs - windowMs(windowHours), atMs)], rule);
        return verdict === 'CANNOT_TELL' ? undefined : verdict === 'NOT_USED';
      };
    },
  };
}

function over(name: string, windowHours: number, litres: number): Rule {
  return {
    name,
    listensFor: ['running'],
    lookOver: (seen) => {
      const intervals = intervalsOf(seen);
      return (atMs) => windowConsumption(intervals, atMs - windowMs(windowHours), atMs).knownLitres > litres;
    },
  };
}

function inEveryHour(name: string, hours: number, litres: number): Rule {
  return {
    name,
    listensFor: ['running', 'leak'],
    lookOver: (seen) => {
      const intervals = intervalsOf(seen);
      return (atMs) => {
        const stretch = measuredStretch(intervals, atMs - hours * HOUR_MS, atMs);
        return stretch?.every(({ volumeLitres }) => volumeLitres >= litres);
      };
    },
  };
}
