import type { IntervalConsumption } from '../../domain/metering/interval-consumption.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import { CANNOT_TELL, CLOCK_LEEWAY_MS, type Condition, type Detector, HOLDS_NOT } from '../detector.ts';
import type { MeterSeries } from '../home-series.ts';
import {
  anyMeter,
  flowOf,
  isOverdue,
  lastEndingBy,
  measuredStretch,
  positionOfLastEndingBy,
  QUIET_AFTER_CHECK_MS,
} from '../running-water.ts';
import type { ContinuousRule } from './own-rule.ts';

/**
 * Water in every slot of a window: no time as long as a slot passed without any. Where slots begin does not matter.
 *
 * A meter that reports more seldom than once a slot can deny it, by an hour without water, but never prove it: then
 * nobody can tell.
 */
export const continuous: Detector<ContinuousRule> = {
  name: 'running-water',
  version: 1,
  needsEveryMeter: false,
  lookbackMs: ({ windowHours }) => Math.max(QUIET_AFTER_CHECK_MS, windowHours * HOUR_MS),
  conditionOf: (home, rule) => (atMs) => anyMeter(home, atMs, (meter) => meterConditionAt(meter, rule, atMs)),
};

function meterConditionAt({ intervals }: MeterSeries, rule: ContinuousRule, atMs: number): Condition {
  const last = lastEndingBy(intervals, atMs);
  if (!last) return HOLDS_NOT;
  const { slotMinutes, windowHours: hours } = rule;
  const slotMs = slotMinutes * MINUTE_MS;
  const fromMs = last.toMs - hours * HOUR_MS;
  if (hasDrySlot(intervals, fromMs, last.toMs, slotMs - CLOCK_LEEWAY_MS)) return HOLDS_NOT;
  const stretch = measuredStretch(intervals, fromMs, last.toMs);
  const tells = stretch?.every((interval) => interval.toMs - interval.fromMs <= slotMs + CLOCK_LEEWAY_MS);
  if (!stretch || !tells || isOverdue(last, atMs)) return CANNOT_TELL;
  const litres = stretch.reduce((sum, { volumeLitres }) => sum + volumeLitres, 0);
  const leastLitresPerHour = Math.floor(Math.min(...stretch.map(flowOf)));
  const figures = { hours, leastLitresPerHour, litres, slotMinutes, asOfMs: last.toMs };
  return { holds: true, evidence: { detector: 'running-water', ...figures } };
}

/** Whether so long a time without water lies between `fromMs` and `untilMs`. */
function hasDrySlot(
  intervals: readonly IntervalConsumption[],
  fromMs: number,
  untilMs: number,
  leastMs: number,
): boolean {
  let dryMs = 0;
  for (let i = positionOfLastEndingBy(intervals, untilMs); i >= 0; i -= 1) {
    const interval = intervals[i];
    if (!interval || interval.toMs <= fromMs) return false;
    const isDry = interval.volumeLitres === 0 && (interval.kind === 'measured' || interval.kind === 'still_gap');
    dryMs = isDry ? dryMs + interval.toMs - Math.max(fromMs, interval.fromMs) : 0;
    if (dryMs >= leastMs) return true;
  }
  return false;
}
