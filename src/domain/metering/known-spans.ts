import type { IntervalConsumption } from './interval-consumption.ts';

/** From when until when, in milliseconds since 1970. */
export type Span = readonly [fromMs: number, toMs: number];

interface MeterTime {
  readonly boundFromMs: number;
  readonly boundUntilMs: number;
  readonly intervals: readonly IntervalConsumption[];
}

/**
 * The times for which a home's water is known: some meter is there, and every meter that is there is measured or known
 * to stand still. In order, touching ones joined.
 */
export function knownSpans(meters: readonly MeterTime[]): Span[] {
  const [only, ...others] = meters.map(knownOf);
  if (only && others.length === 0) return only;
  return spansKnownToAll(meters);
}

/** A meter's intervals lie within the time it was bound, so alone it needs no look at that time. */
function knownOf({ intervals }: MeterTime): Span[] {
  const spans: [number, number][] = [];
  for (const { fromMs, toMs, kind } of intervals) {
    if (kind !== 'measured' && kind !== 'still_gap') continue;
    const last = spans.at(-1);
    if (last?.[1] === fromMs) last[1] = toMs;
    else spans.push([fromMs, toMs]);
  }
  return spans;
}

function spansKnownToAll(meters: readonly MeterTime[]): Span[] {
  const changes = meters.flatMap((meter) => [
    ...edges([meter.boundFromMs, meter.boundUntilMs], { bound: 1, known: 0 }),
    ...knownOf(meter).flatMap((span) => edges(span, { bound: 0, known: 1 })),
  ]);
  changes.sort((a, b) => a.atMs - b.atMs);
  const spans: [number, number][] = [];
  let [bound, known, sinceMs] = [0, 0, -Infinity];
  for (const change of changes) {
    if (bound > 0 && known === bound && change.atMs > sinceMs) extend(spans, sinceMs, change.atMs);
    bound += change.bound;
    known += change.known;
    sinceMs = change.atMs;
  }
  return spans;
}

function edges([fromMs, toMs]: Span, { bound, known }: { bound: number; known: number }) {
  return [
    { atMs: fromMs, bound, known },
    { atMs: toMs, bound: -bound, known: -known },
  ];
}

function extend(spans: [number, number][], fromMs: number, toMs: number): void {
  const last = spans.at(-1);
  if (last?.[1] === fromMs) last[1] = toMs;
  else spans.push([fromMs, toMs]);
}
