import type { FindingName } from '../../domain/alerting/finding.ts';
import { DAY_MS } from '../../domain/time.ts';
import { type ArmedDetector, joinEpisodes, momentsOf } from '../detector.ts';
import type { HomeSeries } from '../home-series.ts';
import { armDetectors } from '../registry.ts';
import type { Tier, TierPolicy } from '../tier-policy.ts';

/** What a policy would have said of one home. */
export interface HomeAlarms {
  readonly tier: Tier;
  /** For how many days its readings are known. */
  readonly days: number;
  /** The rules it was watched by, whether or not they alarmed. */
  readonly detectors: readonly FindingName[];
  readonly alarms: readonly { readonly detector: FindingName; readonly atMs: number }[];
}

/** The alarms of one home under a policy: each stretch of time in which a rule held is one. */
export function alarmsOf(
  home: HomeSeries,
  policy: TierPolicy,
  asked: (policy: TierPolicy) => readonly ArmedDetector[] = armDetectors,
): HomeAlarms['alarms'] {
  const momentsMs = momentsOf(home);
  return asked(policy).flatMap((detector) =>
    joinEpisodes(momentsMs, detector.conditionOf(home)).map(({ beganAtMs }) => ({
      detector: detector.name,
      atMs: beganAtMs,
    })),
  );
}

/** For how many days of a time no meter of a home tells anything. */
export function unknownDays(
  { meters }: Pick<HomeSeries, 'meters'>,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): number {
  const known = meters
    .flatMap(({ intervals }) => intervals)
    .map((interval) => [Math.max(interval.fromMs, fromMs), Math.min(interval.toMs, untilMs)] as const)
    .filter(([from, to]) => to > from)
    .toSorted(([a], [b]) => a - b);
  let reachedMs = fromMs;
  let unknownMs = 0;
  for (const [from, to] of known) {
    unknownMs += Math.max(0, from - reachedMs);
    reachedMs = Math.max(reachedMs, to);
  }
  return (unknownMs + Math.max(0, untilMs - reachedMs)) / DAY_MS;
}

const MONTH_DAYS = 365.25 / 12;

/** The price of a policy: how often a detector alarms in the homes of a tier that it watches. */
export interface AlarmPrice {
  readonly tier: Tier | 'all';
  readonly detector: FindingName | 'all';
  readonly homes: number;
  readonly alarms: number;
  readonly per100HomesAMonth: number;
}

/**
 * Adds up what each detector costs in each tier, in each tier over all detectors, and over all. One that never alarmed is
 * told too, and the rule of one community is counted against the homes of that community alone.
 */
export function priceOf(homes: readonly HomeAlarms[]): AlarmPrice[] {
  const tiers = [...new Set(homes.map(({ tier }) => tier))].toSorted((a, b) => a - b);
  return [...tiers, 'all' as const].flatMap((tier) => {
    const counted = tier === 'all' ? homes : homes.filter((home) => home.tier === tier);
    const names = [...new Set(counted.flatMap(({ detectors }) => detectors))].toSorted();
    return [...names, 'all' as const].map((detector) => ({ tier, detector, ...costOf(counted, detector) }));
  });
}

function costOf(
  homes: readonly HomeAlarms[],
  detector: AlarmPrice['detector'],
): Pick<AlarmPrice, 'homes' | 'alarms' | 'per100HomesAMonth'> {
  const watched = detector === 'all' ? homes : homes.filter(({ detectors }) => detectors.includes(detector));
  const months = watched.reduce((sum, { days }) => sum + days, 0) / MONTH_DAYS;
  const alarms = watched
    .flatMap((home) => home.alarms)
    .filter((alarm) => detector === 'all' || alarm.detector === detector).length;
  return { homes: watched.length, alarms, per100HomesAMonth: months === 0 ? 0 : (100 * alarms) / months };
}
