import type { RunningWaterEvidence } from '../domain/alerting/finding.ts';
import { firstWhere } from '../domain/bisect.ts';
import { FLOW_HOURS } from '../domain/habit/habit-day.ts';
import { habitBefore, type HomeHabit } from '../domain/habit/home-habit.ts';
import { greatestFlow } from '../domain/habit/packed-days.ts';
import type { IntervalConsumption } from '../domain/metering/interval-consumption.ts';
import { windowConsumption } from '../domain/metering/window-consumption.ts';
import { HOUR_MS } from '../domain/time.ts';
import { CANNOT_TELL, CLOCK_LEEWAY_MS, type Condition, type Detector, HOLDS_NOT, isExcused } from './detector.ts';
import type { HomeSeries, MeterSeries } from './home-series.ts';

export interface FlowRule {
  readonly hours: number;
  readonly litresPerHour: number;
}

/** When water counts as running on and on. */
export interface RunningWaterRule {
  /** Never under so many litres an hour in so many hours. */
  readonly flows: readonly FlowRule[];
  /**
   * And, where the home is known, no less than so many times the greatest such flow of its last 60 days: some gardens
   * are watered for hours. Left out, the home's past does not count.
   */
  readonly timesUsual?: number | undefined;
  /** So many litres in so many hours, however they ran. */
  readonly volumes: readonly { readonly hours: number; readonly litres: number }[];
}

/** After a home check, water that still runs is reported again when this has passed, and not every few hours. */
export const QUIET_AFTER_CHECK_MS = 24 * HOUR_MS;
const USUAL_DAYS = 60;
/** A reading is overdue when it is this many times as late as the one before it came after its own. */
const OVERDUE_FACTOR = 1.5;

/**
 * Water that runs on and on: a tap left open, a broken pipe, a person who fell with the tap running.
 *
 * A flow counts only when each of its hours was measured: a gap may have been dry. An absence is no excuse: water that
 * runs in an empty home is the worse for it.
 */
export const runningWater: Detector<RunningWaterRule> = {
  name: 'running-water',
  version: 2,
  needsEveryMeter: false,
  lookbackMs: ({ flows, volumes }) =>
    Math.max(QUIET_AFTER_CHECK_MS, ...[...flows, ...volumes].map(({ hours }) => hours * HOUR_MS)),
  conditionOf: (home, rule) => {
    const flowsAt = unusualFlows(home, rule);
    return (atMs) => conditionAt(home, { ...rule, flows: flowsAt(atMs) }, atMs);
  },
};

/** The flows that count on each day, worked out once a day: a day is judged by the days before it. */
function unusualFlows({ habit, calendar }: HomeSeries, rule: RunningWaterRule): (atMs: number) => readonly FlowRule[] {
  const { flows, timesUsual } = rule;
  if (timesUsual === undefined || habit.days.length === 0) return () => flows;
  const byDay = new Map<number, readonly FlowRule[]>();
  return (atMs) => {
    // A reading at midnight tells of the day that ends then.
    const { startMs } = calendar.dayAt(atMs - 1);
    let known = byDay.get(startMs);
    if (!known) byDay.set(startMs, (known = flows.map((flow) => aboveUsual(flow, timesUsual, habit, startMs))));
    return known;
  };
}

function aboveUsual(flow: FlowRule, timesUsual: number, habit: HomeHabit, dayStartMs: number): FlowRule {
  const kept = FLOW_HOURS.findIndex((hours) => hours === flow.hours);
  if (kept < 0) return flow;
  const { days } = habitBefore(habit, dayStartMs, USUAL_DAYS);
  return { ...flow, litresPerHour: Math.max(flow.litresPerHour, timesUsual * greatestFlow(days, kept)) };
}

function conditionAt(home: HomeSeries, rule: RunningWaterRule, atMs: number): Condition {
  return anyMeter(home, atMs, (meter) => meterConditionAt(meter, rule, atMs));
}

/** Water that runs through any meter of a home runs; that none runs, each must deny. */
export function anyMeter(home: HomeSeries, atMs: number, conditionOf: (meter: MeterSeries) => Condition): Condition {
  if (isExcused(home, ['check'], atMs - QUIET_AFTER_CHECK_MS, atMs)) return HOLDS_NOT;
  const present = home.meters.filter(({ boundFromMs, boundUntilMs }) => boundFromMs < atMs && atMs < boundUntilMs);
  const conditions = present.map(conditionOf);
  const running = conditions.find(({ holds }) => holds);
  return running ?? (conditions.every(({ holds }) => holds === false) ? HOLDS_NOT : CANNOT_TELL);
}

/**
 * What one meter says: what its last reading said, as long as its next one is not overdue. The meters of a home are
 * seldom read at the same minute, and the reading of one must not end what another has found.
 */
function meterConditionAt({ intervals }: MeterSeries, rule: RunningWaterRule, atMs: number): Condition {
  const last = lastEndingBy(intervals, atMs);
  if (!last) return HOLDS_NOT;
  const evidence = flowEvidence(intervals, rule, last.toMs) ?? volumeEvidence(intervals, rule, last.toMs);
  if (!evidence) return last.kind === 'measured' ? HOLDS_NOT : CANNOT_TELL;
  return isOverdue(last, atMs) ? CANNOT_TELL : { holds: true, evidence };
}

/** Whether the reading after this interval should have come by now. */
export function isOverdue({ fromMs, toMs }: IntervalConsumption, atMs: number): boolean {
  return atMs - toMs > (toMs - fromMs) * OVERDUE_FACTOR;
}

function flowEvidence(
  intervals: readonly IntervalConsumption[],
  { flows }: RunningWaterRule,
  asOfMs: number,
): RunningWaterEvidence | undefined {
  const last = lastEndingBy(intervals, asOfMs);
  for (const { hours, litresPerHour } of flows) {
    // Most hours of most homes end here: the last interval alone decides that nothing runs on.
    if (!last || flowOf(last) < litresPerHour) continue;
    const stretch = measuredStretch(intervals, asOfMs - hours * HOUR_MS, asOfMs);
    const least = Math.min(...(stretch?.map(flowOf) ?? []));
    if (!stretch || least < litresPerHour) continue;
    const litres = stretch.reduce((sum, { volumeLitres }) => sum + volumeLitres, 0);
    return { detector: 'running-water', hours, leastLitresPerHour: Math.floor(least), litres, asOfMs };
  }
  return undefined;
}

function volumeEvidence(
  intervals: readonly IntervalConsumption[],
  { volumes }: RunningWaterRule,
  asOfMs: number,
): RunningWaterEvidence | undefined {
  for (const { hours, litres } of volumes) {
    const { knownLitres } = windowConsumption(intervals, asOfMs - hours * HOUR_MS, asOfMs);
    if (knownLitres < litres) continue;
    return { detector: 'running-water', hours, leastLitresPerHour: 0, litres: knownLitres, asOfMs };
  }
  return undefined;
}

/** The measured intervals that cover the window without a hole, or undefined when there is one. */
export function measuredStretch(
  intervals: readonly IntervalConsumption[],
  fromMs: number,
  untilMs: number,
): IntervalConsumption[] | undefined {
  const stretch: IntervalConsumption[] = [];
  let reachedMs = untilMs;
  for (let i = positionOfLastEndingBy(intervals, untilMs); reachedMs > fromMs + CLOCK_LEEWAY_MS; i -= 1) {
    const interval = intervals[i];
    if (interval?.kind !== 'measured') return undefined;
    stretch.push(interval);
    reachedMs = interval.fromMs;
  }
  return stretch;
}

export function lastEndingBy(intervals: readonly IntervalConsumption[], atMs: number): IntervalConsumption | undefined {
  return intervals[positionOfLastEndingBy(intervals, atMs)];
}

export function positionOfLastEndingBy(intervals: readonly IntervalConsumption[], atMs: number): number {
  return firstWhere(intervals, ({ toMs }) => toMs > atMs) - 1;
}

/** Litres an hour. */
export function flowOf({ fromMs, toMs, volumeLitres }: IntervalConsumption): number {
  return (volumeLitres * HOUR_MS) / (toMs - fromMs);
}
