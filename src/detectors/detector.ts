import type { BegunEpisode, Episode, Evidence, FindingName, WelfareDetector } from '../domain/alerting/finding.ts';
import { MINUTE_MS } from '../domain/time.ts';
import type { Excuse, HomeSeries } from './home-series.ts';

/**
 * A rule about water and the version of its code.
 *
 * The condition is asked for moments at which a reading came, in the meter's own time. It sees only readings, so
 * neither the order nor the batches in which they came can change what it finds.
 */
export interface Detector<Rule> {
  readonly name: WelfareDetector;
  readonly version: number;
  /** Whether one silent meter of a home leaves the rule blind, however much the others tell. */
  readonly needsEveryMeter: boolean;
  /** How far back from a moment the rule looks, in milliseconds. */
  readonly lookbackMs: (rule: Rule) => number;
  /** Looks a home over once; what it returns says of each moment whether the condition held. */
  readonly conditionOf: (home: HomeSeries, rule: Rule) => (atMs: number) => Condition;
}

/** A detector with the rule of one tier. */
export interface ArmedDetector {
  readonly name: FindingName;
  readonly version: number;
  readonly needsEveryMeter: boolean;
  readonly lookbackMs: number;
  readonly conditionOf: (home: HomeSeries) => (atMs: number) => Condition;
}

/** What a condition says of one moment: it holds, it does not, or the readings cannot tell. */
export type Condition =
  { readonly holds: true; readonly evidence: Evidence } | { readonly holds: false } | { readonly holds: undefined };

export const HOLDS_NOT: Condition = { holds: false };
export const CANNOT_TELL: Condition = { holds: undefined };

/** A meter's clock wanders: a reading a few minutes short of the hour is the reading of that hour. */
export const CLOCK_LEEWAY_MS = 5 * MINUTE_MS;

/**
 * Joins what a condition says of successive moments into episodes. An episode begins when the condition holds and ends
 * when it is seen not to; moments that cannot be judged neither begin nor end one.
 *
 * @param begun an episode that lasts when the first moment comes
 */
export function joinEpisodes(
  momentsMs: readonly number[],
  conditionAt: (atMs: number) => Condition,
  begun?: BegunEpisode,
): Episode[] {
  const episodes: Episode[] = [];
  let open = begun;
  for (const atMs of momentsMs) {
    const condition = conditionAt(atMs);
    if (condition.holds && !open) open = { beganAtMs: atMs, evidence: condition.evidence };
    if (condition.holds === false && open) {
      episodes.push({ ...open, endedAtMs: atMs });
      open = undefined;
    }
  }
  return open ? [...episodes, { ...open, endedAtMs: undefined }] : episodes;
}

/** The first of the moments from `fromMs` on at which the condition is seen not to hold. */
export function firstDenial(
  momentsMs: readonly number[],
  conditionAt: (atMs: number) => Condition,
  fromMs: number,
): number | undefined {
  return momentsMs.find((atMs) => atMs >= fromMs && conditionAt(atMs).holds === false);
}

/** Every moment to be judged, at which a reading of any of the home's meters came: in order, each once. */
export function momentsOf({ meters, judgedFromMs = -Infinity }: Pick<HomeSeries, 'meters' | 'judgedFromMs'>): number[] {
  const ends = meters.flatMap(({ intervals }) =>
    intervals.map(({ toMs }) => toMs).filter((toMs) => toMs >= judgedFromMs),
  );
  if (meters.length === 1) return ends;
  return [...new Set(ends)].sort((a, b) => a - b);
}

/** Whether an excuse of one of these kinds touches the time from `fromMs` to `untilMs`. */
export function isExcused(
  { excuses }: Pick<HomeSeries, 'excuses'>,
  kinds: readonly Excuse['kind'][],
  fromMs: number,
  untilMs: number,
): boolean {
  return excuses.some((excuse) => kinds.includes(excuse.kind) && excuse.fromMs <= untilMs && excuse.untilMs >= fromMs);
}
