import type { Episode, WelfareDetector } from '../domain/alerting/finding.ts';
import type { Verdict } from '../domain/metering/verdict.ts';
import type { HomeSeries } from './detector.ts';
import { lastUseBefore, lowUseVerdictAt } from './low-use.ts';
import { silentFromMs } from './meter-silent.ts';
import { armDetectors } from './registry.ts';
import type { TierPolicy } from './tier-policy.ts';

/** A meter of the home, and when it was last heard of: its last message, or else the moment it was bound. */
export interface MeterHeard {
  readonly meterId: number;
  readonly lastHeardMs: number;
}

export interface DetectorEpisodes {
  readonly detector: WelfareDetector;
  readonly version: number;
  readonly episodes: readonly Episode[];
}

/** All that the readings say of a home. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The newest reading's time. */
  readonly lastReadMs: number | undefined;
  readonly lastUseMs: number | undefined;
  readonly found: readonly DetectorEpisodes[];
  readonly silentMeters: readonly MeterHeard[];
  /** Whether the newest reading is too old to say anything of now: what it says was true then, and wakes nobody. */
  readonly isStale: boolean;
  /** When the home must be looked at again though nothing comes; undefined when no meter can fall silent any more. */
  readonly nextCheckMs: number | undefined;
}

/**
 * Judges a home by the rules of its tier. Pure: the same readings and the same `nowMs` give the same judgement.
 *
 * The verdict is that of the low-use rule at the newest reading; once a meter is silent nobody can tell.
 */
export function judgeHome(
  home: HomeSeries,
  heard: readonly MeterHeard[],
  policy: TierPolicy,
  nowMs: number,
): Judgement {
  const lastReadMs = newestReading(home);
  const silentMeters = heard.filter(({ lastHeardMs }) => silentFromMs(lastHeardMs, policy.meterSilent) <= nowMs);
  const lastSigns = [...heard.map(({ lastHeardMs }) => lastHeardMs), ...(lastReadMs === undefined ? [] : [lastReadMs])];
  const isStale = lastReadMs === undefined || silentFromMs(lastReadMs, policy.meterSilent) <= nowMs;
  const isBlind = isStale || silentMeters.length > 0;
  return {
    verdict: isBlind ? 'CANNOT_TELL' : lowUseVerdictAt(home, policy.lowUse, lastReadMs),
    isStale,
    lastReadMs,
    lastUseMs: lastReadMs === undefined ? undefined : lastUseBefore(home, lastReadMs),
    found: armDetectors(policy).map(({ name, version, episodes }) => ({
      detector: name,
      version,
      episodes: episodes(home),
    })),
    silentMeters,
    nextCheckMs: earliest(
      lastSigns.map((signMs) => silentFromMs(signMs, policy.meterSilent)).filter((atMs) => atMs > nowMs),
    ),
  };
}

/** How far before a moment readings are needed to judge it, in milliseconds. */
export function lookbackMsOf(policy: TierPolicy): number {
  return Math.max(...armDetectors(policy).map(({ lookbackMs }) => lookbackMs));
}

function newestReading({ meters }: HomeSeries): number | undefined {
  const newest = Math.max(-Infinity, ...meters.map(({ intervals }) => intervals.at(-1)?.toMs ?? -Infinity));
  return newest === -Infinity ? undefined : newest;
}

function earliest(timesMs: readonly number[]): number | undefined {
  return timesMs.length === 0 ? undefined : Math.min(...timesMs);
}
