import type { LowUseEvidence } from '../domain/alerting/finding.ts';
import { firstWhere } from '../domain/bisect.ts';
import { BASE_FLOW_LOOKBACK_MS } from '../domain/habit/base-flow.ts';
import type { UseSpan } from '../domain/habit/home-use.ts';
import { type LowUseRule, type Verdict, verdictOf } from '../domain/metering/verdict.ts';
import type { WindowConsumption } from '../domain/metering/window-consumption.ts';
import { HOUR_MS } from '../domain/time.ts';
import { CANNOT_TELL, type Condition, type Detector, HOLDS_NOT, isExcused } from './detector.ts';
import type { HomeSeries } from './home-series.ts';
import { homeWindows } from './home-windows.ts';

const EXCUSES = ['absence', 'check'] as const;

/**
 * Abnormally little water: under the floor in the window, with enough of the window known.
 *
 * What runs by itself is taken off first: a dripping tap is not a person.
 *
 * Missing readings are not calm and not danger: a window that is not known well enough proves nothing. A home check or
 * an absence explains little water, so a window that touches one proves nothing either; the full window must pass anew.
 */
export const lowUse: Detector<LowUseRule> = {
  name: 'low-use',
  version: 2,
  needsEveryMeter: true,
  lookbackMs: ({ windowHours }) => windowHours * HOUR_MS + BASE_FLOW_LOOKBACK_MS,
  conditionOf: (home, rule) => (atMs) => conditionAt(home, rule, atMs),
};

/** The verdict on the window that ends at `atMs`. */
export function lowUseVerdictAt(home: HomeSeries, rule: LowUseRule, atMs: number): Verdict {
  if (isPlainlyUsed(home, rule, atMs)) return 'USED';
  return verdictOf(windowsAt(home, rule, atMs), rule);
}

function conditionAt(home: HomeSeries, rule: LowUseRule, atMs: number): Condition {
  if (isPlainlyUsed(home, rule, atMs)) return HOLDS_NOT;
  const windows = windowsAt(home, rule, atMs);
  const verdict = verdictOf(windows, rule);
  if (verdict === 'CANNOT_TELL') return CANNOT_TELL;
  if (verdict === 'USED' || isExcused(home, EXCUSES, atMs - windowMs(rule), atMs)) return HOLDS_NOT;
  return { holds: true, evidence: evidenceOf(home, rule, windows, atMs) };
}

function windowMs({ windowHours }: LowUseRule): number {
  return windowHours * HOUR_MS;
}

/**
 * Whether the last hours of a window, in a home without a leak, show enough water: so it is with most homes at most hours,
 * and the rest of the window need not be looked at. What counts is what `windowConsumption` counts.
 */
function isPlainlyUsed({ meters, use }: HomeSeries, rule: LowUseRule, atMs: number): boolean {
  if (hasLeak(use)) return false;
  const fromMs = atMs - windowMs(rule);
  let litres = 0;
  for (const { intervals, boundFromMs, boundUntilMs } of meters) {
    if (boundFromMs >= atMs || boundUntilMs <= fromMs) continue;
    for (let i = firstWhere(intervals, (interval) => interval.fromMs >= atMs) - 1; i >= 0; i -= 1) {
      const interval = intervals[i];
      if (!interval || interval.toMs <= fromMs) break;
      if (interval.kind === 'measured' || interval.kind === 'still_gap') litres += interval.volumeLitres;
      if (litres >= rule.floorLitres) return true;
    }
  }
  return false;
}

/** The windows of all meters; what leaks is taken off them. */
function windowsAt(home: HomeSeries, rule: LowUseRule, atMs: number): WindowConsumption[] {
  const windows = homeWindows(home, atMs - windowMs(rule), atMs);
  let leaked = leakedLitres(home.use, atMs - windowMs(rule), atMs);
  if (leaked === 0) return windows;
  return windows.map((window) => {
    const ownLeak = Math.min(leaked, window.knownLitres);
    leaked -= ownLeak;
    return { ...window, knownLitres: window.knownLitres - ownLeak };
  });
}

/** Most homes have none at any time. */
const leaks = new WeakMap<readonly UseSpan[], boolean>();

function hasLeak(use: readonly UseSpan[]): boolean {
  let leak = leaks.get(use);
  if (leak === undefined) leaks.set(use, (leak = use.some(({ baseLitresPerHour }) => baseLitresPerHour > 0)));
  return leak;
}

/** What ran by itself in the known part of a window, in whole litres. */
function leakedLitres(use: readonly UseSpan[], fromMs: number, untilMs: number): number {
  if (!hasLeak(use)) return 0;
  let litres = 0;
  for (let i = firstWhere(use, ({ toMs }) => toMs > fromMs); i < use.length; i += 1) {
    const span = use[i];
    if (!span || span.fromMs >= untilMs) break;
    // A gap that the register did not move in had no leak either.
    if (span.use !== 'unknown') litres += (span.baseLitresPerHour * (span.toMs - span.fromMs)) / HOUR_MS;
  }
  return Math.floor(litres);
}

function evidenceOf(
  home: HomeSeries,
  { windowHours, floorLitres }: LowUseRule,
  windows: readonly WindowConsumption[],
  asOfMs: number,
): LowUseEvidence {
  const litres = windows.reduce((sum, window) => sum + window.knownLitres + window.gapLitres, 0);
  return { detector: 'low-use', windowHours, floorLitres, litres, lastUseAtMs: lastUseBefore(home, asOfMs), asOfMs };
}

/** The end of the last interval, up to `atMs`, in which any water ran; before the intervals, what was known already. */
export function lastUseBefore(home: HomeSeries, atMs: number): number | undefined {
  const ends = home.meters.map(
    ({ intervals }) =>
      intervals.findLast(({ toMs, volumeLitres }) => toMs <= atMs && volumeLitres > 0)?.toMs ?? -Infinity,
  );
  const last = Math.max(-Infinity, ...ends);
  if (last !== -Infinity) return last;
  const { knownUseMs } = home;
  return knownUseMs !== undefined && knownUseMs <= atMs ? knownUseMs : undefined;
}
