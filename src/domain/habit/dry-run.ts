import { DAY_MS, HOUR_MS } from '../time.ts';
import type { UseSpan } from './home-use.ts';

/** A time in which readings show that nobody drew water. */
export interface DryRun {
  readonly startMs: number;
  /** When water was drawn again, or readings no longer tell; for the newest run, the newest reading. */
  readonly endMs: number;
  /** In how many of the 24 hours before its start water was drawn. */
  readonly hoursOfUseBefore: number;
  /** Whether readings show the use it began after. Where not, it may have begun long before. */
  readonly isAfterUse: boolean;
  /** The reading that showed the use which ended it; undefined where none did. Only runs between two uses say how long people pause. */
  readonly shownMs: number | undefined;
}

/** So much time of which nothing is known, in all, does not break a run off: a change of meter, a lost reading or two. */
const BRIDGED_MS = 2.4 * HOUR_MS;

/** How far back readings are needed to tell a run's hours of use before it. */
export const USE_BEFORE_MS = DAY_MS;

/**
 * The dry runs of a home in the order of time. The last one may still go on: it ends at the newest reading and not
 * with a use. A tenth of a day of unknown time is bridged; more ends a run, and the next begins after it: missing
 * readings never make a pause much longer.
 */
export function dryRuns(spans: readonly UseSpan[]): DryRun[] {
  const runs: DryRun[] = [];
  const hoursOfUse: number[] = [];
  let open: OpenRun | undefined;
  for (const [i, span] of spans.entries()) {
    if (open && isBridged(open, span)) {
      open.unknownMs += span.toMs - span.fromMs;
    } else if (span.use === 'none') {
      open ??= begun(span, spans[i - 1], hoursOfUse);
    } else {
      if (open) runs.push(ended(open, span));
      open = undefined;
    }
    if (span.use === 'drawn') hoursOfUse.push(Math.ceil(span.toMs / HOUR_MS));
  }
  if (open) runs.push(ended(open, undefined, spans.at(-1)?.toMs));
  return runs;
}

function isBridged({ unknownMs }: OpenRun, { fromMs, toMs, use }: UseSpan): boolean {
  return use === 'unknown' && unknownMs + toMs - fromMs <= BRIDGED_MS;
}

function begun({ fromMs }: UseSpan, before: UseSpan | undefined, hoursOfUse: readonly number[]): OpenRun {
  const hoursOfUseBefore = countSince(hoursOfUse, fromMs - USE_BEFORE_MS);
  return { startMs: fromMs, isAfterUse: before?.use === 'drawn', hoursOfUseBefore, unknownMs: 0 };
}

/** The run up to the span that ends it, or to the newest reading. */
function ended(open: OpenRun, by: UseSpan | undefined, newestMs = open.startMs): DryRun {
  const { startMs, isAfterUse, hoursOfUseBefore } = open;
  const shownMs = by?.use === 'drawn' ? by.toMs : undefined;
  return { startMs, endMs: by?.fromMs ?? newestMs, shownMs, isAfterUse, hoursOfUseBefore };
}

interface OpenRun extends Omit<DryRun, 'endMs' | 'shownMs'> {
  unknownMs: number;
}

/** How many different hours there are since a moment. */
function countSince(hours: readonly number[], sinceMs: number): number {
  let count = 0;
  for (let i = hours.length - 1; i >= 0 && (hours[i] ?? 0) * HOUR_MS > sinceMs; i -= 1) {
    if (hours[i] !== hours[i + 1]) count += 1;
  }
  return count;
}
