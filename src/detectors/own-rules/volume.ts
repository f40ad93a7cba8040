import { HOUR_MS } from '../../domain/time.ts';
import { CANNOT_TELL, CLOCK_LEEWAY_MS, type Condition, type Detector, HOLDS_NOT, isExcused } from '../detector.ts';
import type { HomeSeries, MeterSeries } from '../home-series.ts';
import { positionOfLastEndingBy, QUIET_AFTER_CHECK_MS } from '../running-water.ts';
import type { VolumeRule } from './own-rule.ts';

/** That little ran is known when this share of the time is accounted for. */
const LEAST_KNOWN = 0.9;
/** No local day is longer: 25 hours when clocks go back. */
const LONGEST_DAY_HOURS = 25;

/**
 * Too much water over a day of the home or over some hours, all its meters together.
 *
 * What counts is what surely ran within: the volume of an interval that reaches beyond the time may have run before it.
 * Much is proved by what is known; that it was not much, only when hardly anything is unknown.
 */
export const volume: Detector<VolumeRule> = {
  name: 'running-water',
  version: 1,
  needsEveryMeter: false,
  lookbackMs: ({ windowHours = LONGEST_DAY_HOURS }) => Math.max(QUIET_AFTER_CHECK_MS, windowHours * HOUR_MS),
  conditionOf: (home, rule) => (atMs) => conditionAt(home, rule, atMs),
};

function conditionAt(home: HomeSeries, rule: VolumeRule, atMs: number): Condition {
  if (isExcused(home, ['check'], atMs - QUIET_AFTER_CHECK_MS, atMs)) return HOLDS_NOT;
  const { windowHours, litres: limitLitres } = rule;
  // A reading at midnight, or a few minutes after by its own clock, tells of the day that ends then.
  const daySinceMs = windowHours === undefined ? home.calendar.dayAt(atMs - CLOCK_LEEWAY_MS).startMs : undefined;
  const fromMs = daySinceMs ?? atMs - (windowHours ?? 0) * HOUR_MS;
  const { litres, known } = ranWithin(home.meters, fromMs, atMs);
  if (litres <= limitLitres) return known >= LEAST_KNOWN ? HOLDS_NOT : CANNOT_TELL;
  const hours = Math.max(1, Math.round((atMs - fromMs) / HOUR_MS));
  const figures = { hours, leastLitresPerHour: 0, litres, limitLitres, daySinceMs, asOfMs: atMs };
  return { holds: true, evidence: { detector: 'running-water', ...figures } };
}

/** What surely ran from `fromMs` to `untilMs`, in litres, and for what share of that time, by the worst meter, it is all. */
function ranWithin(
  meters: readonly MeterSeries[],
  fromMs: number,
  untilMs: number,
): { readonly litres: number; readonly known: number } {
  const present = meters.filter(({ boundFromMs, boundUntilMs }) => boundFromMs < untilMs && boundUntilMs > fromMs);
  let litres = 0;
  let known = present.length === 0 ? 0 : 1;
  for (const { intervals, boundFromMs, boundUntilMs } of present) {
    let accountedMs = 0;
    for (let i = positionOfLastEndingBy(intervals, untilMs); i >= 0; i -= 1) {
      const interval = intervals[i];
      if (!interval || interval.toMs <= fromMs) break;
      if (interval.kind === 'new_segment' || interval.kind === 'backflow') continue;
      const isWithin = interval.fromMs >= fromMs - CLOCK_LEEWAY_MS;
      if (isWithin) litres += interval.volumeLitres;
      if (isWithin || interval.volumeLitres === 0) accountedMs += interval.toMs - Math.max(fromMs, interval.fromMs);
    }
    const owedMs = Math.min(boundUntilMs, untilMs) - Math.max(boundFromMs, fromMs);
    known = Math.min(known, accountedMs / owedMs);
  }
  return { litres, known };
}
