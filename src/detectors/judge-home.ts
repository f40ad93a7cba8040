import type { Episode, FindingName } from '../domain/alerting/finding.ts';
import { LEAK_LOOKBACK_MS } from '../domain/habit/leak.ts';
import type { LowUseRule, Verdict } from '../domain/metering/verdict.ts';
import { HOUR_MS } from '../domain/time.ts';
import { type Condition, firstDenial, isExcused, joinEpisodes, momentsOf } from './detector.ts';
import type { HomeSeries } from './home-series.ts';
import { lastUseBefore, lowUseVerdictAt } from './low-use.ts';
import { silentAfterMs, silentFromMs } from './meter-silent.ts';
import { armDetectors } from './registry.ts';
import type { TierPolicy } from './tier-policy.ts';

/** A meter of the home, and when it was last heard of: its last message, or else the moment it was bound. */
export interface MeterHeard {
  readonly meterId: number;
  readonly lastHeardMs: number;
  /** How long it usually leaves between two uploads; undefined where that is not known. */
  readonly periodMs?: number | undefined;
}

export interface DetectorEpisodes {
  readonly detector: FindingName;
  readonly version: number;
  readonly episodes: readonly Episode[];
  /** From when on, at or after a moment, the readings deny the condition; undefined where they never do. */
  readonly deniedFrom: (fromMs: number) => number | undefined;
  /** Whether the condition holds at the newest reading and nobody has looked since: only then is anybody woken. */
  readonly isTellable: boolean;
}

/** What counts as water used, for whoever looks at a home: more than a trickle in a day and a night. */
const VERDICT_RULE: LowUseRule = { windowHours: 24, floorLitres: 6, minCoverage: 0.9 };

/** All that the readings say of a home. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The newest reading's time. */
  readonly lastReadMs: number | undefined;
  readonly lastUseMs: number | undefined;
  readonly found: readonly DetectorEpisodes[];
  readonly silentMeters: readonly MeterHeard[];
  /** When the home must be looked at again though nothing comes; undefined when no meter can fall silent any more. */
  readonly nextCheckMs: number | undefined;
}

/**
 * Judges a home by the rules of its tier. Pure: the same readings and the same `nowMs` give the same judgement.
 *
 * The verdict tells of the day before the newest reading, whatever alarms; once a meter is silent nobody can tell.
 */
export function judgeHome(
  home: HomeSeries,
  heard: readonly MeterHeard[],
  policy: TierPolicy,
  nowMs: number,
): Judgement {
  const lastReadMs = newestReading(home);
  const silentFrom = ({ lastHeardMs, periodMs }: MeterHeard) => silentFromMs(lastHeardMs, policy.meterSilent, periodMs);
  const silentMeters = heard.filter((meter) => silentFrom(meter) <= nowMs);
  // What a newest reading older than its meter may be silent says was true then; it says nothing of now.
  const freshUntilMs = lastReadMs === undefined ? -Infinity : lastReadMs + longestSilenceMs(heard, policy);
  const freshReadMs = freshUntilMs <= nowMs ? undefined : lastReadMs;
  const isBlind = freshReadMs === undefined || silentMeters.length > 0;
  const momentsMs = momentsOf(home);
  return {
    verdict: isBlind ? 'CANNOT_TELL' : lowUseVerdictAt(home, VERDICT_RULE, freshReadMs),
    lastReadMs,
    lastUseMs: lastReadMs === undefined ? undefined : lastUseBefore(home, lastReadMs),
    found: armDetectors(policy).map((detector) => {
      const conditionAt = detector.conditionOf(home);
      const tellAtMs = detector.needsEveryMeter && silentMeters.length > 0 ? undefined : freshReadMs;
      return {
        detector: detector.name,
        version: detector.version,
        episodes: joinEpisodes(momentsMs, conditionAt, home.begun?.get(detector.name)),
        deniedFrom: (fromMs: number) => firstDenial(momentsMs, conditionAt, fromMs),
        isTellable: tellAtMs !== undefined && isUnanswered(home, conditionAt, tellAtMs),
      };
    }),
    silentMeters,
    nextCheckMs: earliest([...heard.map(silentFrom), freshUntilMs].filter((atMs) => atMs > nowMs)),
  };
}

/** For how long the most seldom heard meter of a home may be silent. */
function longestSilenceMs(heard: readonly MeterHeard[], { meterSilent }: TierPolicy): number {
  const silences = heard.map(({ periodMs }) => silentAfterMs(meterSilent, periodMs));
  return Math.max(silentAfterMs(meterSilent, undefined), ...silences);
}

/** Whether the condition holds at `atMs` and no home check was made since, which saw what the readings tell. */
function isUnanswered(home: HomeSeries, conditionAt: (atMs: number) => Condition, atMs: number): boolean {
  return conditionAt(atMs).holds === true && !isExcused(home, ['check'], atMs, Infinity);
}

/** How far before a moment readings are needed to judge it, in milliseconds. */
export function lookbackMsOf(policy: TierPolicy): number {
  const verdictMs = VERDICT_RULE.windowHours * HOUR_MS;
  return Math.max(verdictMs, LEAK_LOOKBACK_MS, ...armDetectors(policy).map(({ lookbackMs }) => lookbackMs));
}

function newestReading({ meters }: HomeSeries): number | undefined {
  const newest = Math.max(-Infinity, ...meters.map(({ intervals }) => intervals.at(-1)?.toMs ?? -Infinity));
  return newest === -Infinity ? undefined : newest;
}

function earliest(timesMs: readonly number[]): number | undefined {
  return timesMs.length === 0 ? undefined : Math.min(...timesMs);
}
