import { CLOCK_LEEWAY_MS } from '../../src/detectors/detector.ts';
import { type LowUseRule, verdictOf } from '../../src/domain/metering/verdict.ts';
import { windowConsumption } from '../../src/domain/metering/window-consumption.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import type { Rule } from './rule.ts';

/** The rules that authorities and utilities are known to use. "Zero" is less than one litre. */
export const FIXED_RULES: readonly Rule[] = [
  under('12 h < 10 L', 12, 10),
  under('zero for 8 h', 8, 1),
  under('zero for 12 h', 12, 1),
  under('24 h < 10 L', 24, 10),
  under('24 h < 6 L', 24, 6),
  under('zero for 24 h', 24, 1),
  over('2 m3 in 24 h', 24, 2_000),
  inEveryHour('a gallon in each of 24 h', 24, 4),
];

/** A meter's clock wanders by seconds: the reading that began the window is not to bring the hour before it in. */
function windowMs(hours: number): number {
  return hours * HOUR_MS - CLOCK_LEEWAY_MS;
}

function under(name: string, windowHours: number, floorLitres: number): Rule {
  const rule: LowUseRule = { windowHours, floorLitres, minCoverage: 0.9 };
  return {
    name,
    listensFor: ['stillness'],
    lookbackHours: windowHours,
    judgeFor: () => (known, newestMs, announced) => {
      if (announced?.some(({ untilMs }) => untilMs >= newestMs - windowHours * HOUR_MS)) return false;
      const verdict = verdictOf([windowConsumption(known, newestMs - windowMs(windowHours), newestMs)], rule);
      return verdict === 'CANNOT_TELL' ? undefined : verdict === 'NOT_USED';
    },
  };
}

function over(name: string, windowHours: number, litres: number): Rule {
  return {
    name,
    listensFor: ['running'],
    lookbackHours: windowHours,
    judgeFor: () => (known, newestMs) =>
      windowConsumption(known, newestMs - windowMs(windowHours), newestMs).knownLitres > litres,
  };
}

function inEveryHour(name: string, hours: number, litres: number): Rule {
  return {
    name,
    listensFor: ['running', 'leak'],
    lookbackHours: hours,
    judgeFor: () => (known) => {
      const last = known.slice(-hours);
      if (last.length < hours || last.some(({ kind }) => kind !== 'measured')) return undefined;
      return last.every(({ volumeLitres }) => volumeLitres >= litres);
    },
  };
}
