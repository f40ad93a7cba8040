import { habitBefore } from '../../domain/habit/home-habit.ts';
import type { IntervalConsumption } from '../../domain/metering/interval-consumption.ts';
import { litres } from '../../domain/metering/units.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import { type ArmedDetector, momentsOf } from '../detector.ts';
import { homeSeries, type HomeSeries } from '../home-series.ts';
import { lookbackMsOf } from '../judge-home.ts';
import { armDetectors } from '../registry.ts';
import { asksForHabit, type TierPolicy } from '../tier-policy.ts';

/**
 * What is made to happen to a home: nobody uses water any more, the same where something leaks all the time, or a tap runs
 * on. Litres an hour from the onset on, and before it.
 */
export const INCIDENTS = {
  stop: { litresPerHour: 0, leakedBefore: 0 },
  stop_under_leak: { litresPerHour: 1, leakedBefore: 1 },
  tap: { litresPerHour: 150, leakedBefore: 0 },
} as const;
export type Incident = keyof typeof INCIDENTS;

/** For so long after its onset an incident is looked for. */
const HORIZON_HOURS = 96;

/**
 * Hours from the onset of an incident until a policy alarms, or undefined when it does not within four days. Up to the
 * onset the home's readings are its own; from then on an hourly meter counts what the incident makes run, and nothing else.
 */
export function hoursToDetect(
  home: HomeSeries,
  policy: TierPolicy,
  { incident, onsetMs }: { readonly incident: Incident; readonly onsetMs: number },
  asked: (policy: TierPolicy) => readonly ArmedDetector[] = armDetectors,
): number | undefined {
  const struck = strike(home, policy, INCIDENTS[incident], onsetMs);
  const moments = momentsOf(struck);
  const conditions = asked(policy)
    .map((detector) => detector.conditionOf(struck))
    .filter((conditionAt) => conditionAt(onsetMs).holds !== true);
  const foundMs = moments.find(
    (atMs) => atMs > onsetMs && conditions.some((conditionAt) => conditionAt(atMs).holds === true),
  );
  return foundMs === undefined ? undefined : (foundMs - onsetMs) / HOUR_MS;
}

function strike(
  home: HomeSeries,
  policy: TierPolicy,
  { litresPerHour, leakedBefore }: (typeof INCIDENTS)[Incident],
  onsetMs: number,
): HomeSeries {
  const after = Array.from({ length: HORIZON_HOURS }, (_, hour): IntervalConsumption => {
    const fromMs = onsetMs + hour * HOUR_MS;
    return { kind: 'measured', fromMs, toMs: fromMs + HOUR_MS, volumeLitres: litres(litresPerHour) };
  });
  const sinceMs = onsetMs - lookbackMsOf(policy) - 2 * DAY_MS;
  const [first, ...others] = home.meters.map((meter) => {
    const before = meter.intervals.filter(({ fromMs, toMs }) => fromMs >= sinceMs && toMs <= onsetMs);
    return { ...meter, boundUntilMs: Infinity, intervals: before };
  });
  const still = after.map((interval) => ({ ...interval, volumeLitres: litres(0) }));
  const meters = first
    ? [
        { ...first, intervals: [...first.intervals.map((interval) => leaking(interval, leakedBefore)), ...after] },
        ...others.map((meter) => ({ ...meter, intervals: [...meter.intervals, ...still] })),
      ]
    : [];
  const { calendar, excuses } = home;
  const habit = asksForHabit(policy) ? habitBefore(home.habit, calendar.dayAt(onsetMs).startMs) : undefined;
  const past = excuses.filter(({ untilMs }) => untilMs < onsetMs);
  return homeSeries({ meters, calendar, excuses: past, habit, judgedFromMs: onsetMs });
}

function leaking(interval: IntervalConsumption, litresPerHour: number): IntervalConsumption {
  const leaked = Math.round(((interval.toMs - interval.fromMs) / HOUR_MS) * litresPerHour);
  if (leaked === 0) return interval;
  const kind = interval.kind === 'still_gap' ? 'moved_gap' : interval.kind;
  return { ...interval, kind, volumeLitres: litres(interval.volumeLitres + leaked) };
}

/** Whoever drew water so lately is at home, as far as the water can tell. */
const RECENT_USE_MS = 12 * HOUR_MS;

/** So many moments from `fromMs` on at which somebody was at home not long ago, spread evenly, for incidents to begin at. */
export function onsetsOf(home: HomeSeries, fromMs: number, count: number): number[] {
  let lastUseMs = -Infinity;
  const moments = home.use.flatMap(({ toMs, use }) => {
    if (use === 'drawn') lastUseMs = toMs;
    return use !== 'unknown' && toMs >= fromMs && toMs - lastUseMs <= RECENT_USE_MS ? [toMs] : [];
  });
  if (moments.length < count) return [];
  return Array.from({ length: count }, (_, i) => moments[Math.floor(((i + 0.5) * moments.length) / count)] ?? 0);
}

/** How soon incidents are found. */
export interface Promptness {
  readonly incident: Incident;
  readonly injected: number;
  readonly medianHours: number | undefined;
  readonly within12: number;
  readonly within24: number;
  readonly missed: number;
}

/** Sums up the hours to detect: the median over all, the missed ones counted as the longest, and shares from 0 to 1. */
export function promptnessOf(incident: Incident, hours: readonly (number | undefined)[]): Promptness {
  const sorted = hours.map((each) => each ?? Infinity).toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const share = (most: number) =>
    sorted.length === 0 ? 0 : sorted.filter((each) => each <= most).length / sorted.length;
  return {
    incident,
    injected: sorted.length,
    medianHours: median === Infinity ? undefined : median,
    within12: share(12),
    within24: share(24),
    missed: sorted.length === 0 ? 0 : 1 - share(HORIZON_HOURS),
  };
}
