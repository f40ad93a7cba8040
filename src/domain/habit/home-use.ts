import type { IntervalConsumption } from '../metering/interval-consumption.ts';
import { HOUR_MS } from '../time.ts';
import { baseFlows } from './base-flow.ts';

/**
 * What a stretch of readings says of people: `drawn`, they used water in it; `none`, nobody did; `unknown`, they may or
 * may not have.
 */
export type Use = 'drawn' | 'none' | 'unknown';

/** A stretch of a home's time, from one reading to the next, and what it says of people. */
export interface UseSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly use: Use;
  /** What runs by itself, in whole litres an hour; 0 without a leak. */
  readonly baseLitresPerHour: number;
}

/** One pulse of the meter; beside a leak, whose litres fall unevenly into the hours, two. */
const LEAST_DRAWN_LITRES = 1;
const LEAST_DRAWN_BESIDE_LEAK_LITRES = 2;
/** A register that moved this far in a gap proves that somebody lives there; less may be drift or a drip. */
const PROOF_OF_LIFE_LITRES = 5;

/**
 * Tells the water that people drew from the water that runs by itself, over all meters of a home.
 *
 * Use on any meter is use; that nobody drew must be known on every meter that was there. A leak's base flow is taken off
 * first, so that a drip is not mistaken for a person.
 */
export function homeUse(meters: readonly { readonly intervals: readonly IntervalConsumption[] }[]): UseSpan[] {
  const [only = [], ...others] = meters.map(({ intervals }) => useSpans(intervals));
  return others.length === 0 ? only : joined([only, ...others]);
}

function useSpans(intervals: readonly IntervalConsumption[]): UseSpan[] {
  const flows = baseFlows(intervals);
  return intervals.map((interval, i) => {
    const baseLitresPerHour = flows[i] ?? 0;
    return { fromMs: interval.fromMs, toMs: interval.toMs, use: useIn(interval, baseLitresPerHour), baseLitresPerHour };
  });
}

function useIn({ fromMs, toMs, volumeLitres, kind }: IntervalConsumption, baseLitresPerHour: number): Use {
  if (kind === 'still_gap') return 'none';
  if (kind === 'backflow' || kind === 'new_segment') return 'unknown';
  const beyondLeak = volumeLitres - (baseLitresPerHour * (toMs - fromMs)) / HOUR_MS;
  if (kind === 'moved_gap' && beyondLeak >= PROOF_OF_LIFE_LITRES) return 'drawn';
  const least = baseLitresPerHour > 0 ? LEAST_DRAWN_BESIDE_LEAK_LITRES : LEAST_DRAWN_LITRES;
  if (beyondLeak < least) return 'none';
  return kind === 'measured' ? 'drawn' : 'unknown';
}

/** The spans of several meters laid over each other. Of a time that no meter covers nothing is known. */
function joined(byMeter: readonly (readonly UseSpan[])[]): UseSpan[] {
  const edges = byMeter.flatMap((spans) => spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]));
  const times = [...new Set(edges)].sort((a, b) => a - b);
  const next = byMeter.map(() => 0);
  return times.slice(1).map((toMs, position) => {
    const fromMs = times[position] ?? toMs;
    const covering = byMeter.flatMap((spans, meter) => {
      let at = next[meter] ?? 0;
      while ((spans[at]?.toMs ?? Infinity) <= fromMs) at += 1;
      next[meter] = at;
      const span = spans[at];
      return span && span.fromMs <= fromMs ? [span] : [];
    });
    return { fromMs, toMs, ...together(covering) };
  });
}

function together(spans: readonly UseSpan[]): Pick<UseSpan, 'use' | 'baseLitresPerHour'> {
  const uses = spans.map(({ use }) => use);
  const proved = uses.length > 0 && uses.every((use) => use === 'none');
  const use = uses.includes('drawn') ? 'drawn' : proved ? 'none' : 'unknown';
  return { use, baseLitresPerHour: spans.reduce((sum, { baseLitresPerHour }) => sum + baseLitresPerHour, 0) };
}
