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
  for (const [i, { fromMs, toMs, use }] of spans.entries()) {
    if (use === 'none') {
      const isAfterUse = spans[i - 1]?.use === 'drawn';
      const hoursOfUseBefore = open?.hoursOfUseBefore ?? countSince(hoursOfUse, fromMs - USE_BEFORE_MS);
      open ??= { startMs: fromMs, isAfterUse, hoursOfUseBefore, unknownMs: 0 };
    } else if (open && use === 'unknown' && open.unknownMs + toMs - fromMs <= BRIDGED_MS) {
      open.unknownMs += toMs - fromMs;
    } else {
      if (open) runs.push(ended(open, fromMs, use === 'drawn' ? toMs : undefined));
      open = undefined;
      if (use === 'drawn') hoursOfUse.push(Math.ceil(toMs / HOUR_MS));
    }
  }
  return open ? [...runs, ended(open, spans.at(-1)?.toMs ?? open.startMs, undefined)] : runs;
}

interface OpenRun extends Omit<DryRun, 'endMs' | 'shownMs'> {
  unknownMs: number;
}

function ended({ startMs, isAfterUse, hoursOfUseBefore }: OpenRun, endMs: number, shownMs: number | undefined): DryRun {
  return { startMs, endMs, shownMs, isAfterUse, hoursOfUseBefore };
}

/** How many different hours there are since a moment. */
function countSince(hours: readonly number[], sinceMs: number): number {
  let count = 0;
  for (let i = hours.length - 1; i >= 0 && (hours[i] ?? 0) * HOUR_MS > sinceMs; i -= 1) {
    if (hours[i] !== hours[i + 1]) count += 1;
  }
  return count;
}
