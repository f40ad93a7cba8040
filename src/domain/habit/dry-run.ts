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
  /** Whether a use ended it. Only runs between two uses say how long people pause. */
  readonly endsWithUse: boolean;
}

/** How far back readings are needed to tell a run's hours of use before it. */
export const USE_BEFORE_MS = DAY_MS;

/**
 * The dry runs of a home in the order of time. The last one may still go on: it ends at the newest reading and not
 * with a use. Unknown time ends a run, and the next begins after it: missing readings never make a pause longer.
 */
export function dryRuns(spans: readonly UseSpan[]): DryRun[] {
  const runs: DryRun[] = [];
  const hoursOfUse: number[] = [];
  let before: UseSpan['use'] = 'unknown';
  let open: Omit<DryRun, 'endMs' | 'endsWithUse'> | undefined;
  let reachedMs = -Infinity;
  for (const { fromMs, toMs, use } of spans) {
    const isHole = fromMs > reachedMs;
    if (open && (use !== 'none' || isHole)) {
      runs.push({ ...open, endMs: reachedMs, endsWithUse: use === 'drawn' && !isHole });
      open = undefined;
    }
    if (use === 'none' && !open) {
      const isAfterUse = before === 'drawn' && !isHole;
      open = { startMs: fromMs, isAfterUse, hoursOfUseBefore: countSince(hoursOfUse, fromMs - USE_BEFORE_MS) };
    }
    if (use === 'drawn') {
      const hour = Math.ceil(toMs / HOUR_MS);
      if (hoursOfUse.at(-1) !== hour) hoursOfUse.push(hour);
    }
    before = use;
    reachedMs = toMs;
  }
  return open ? [...runs, { ...open, endMs: reachedMs, endsWithUse: false }] : runs;
}

function countSince(hours: readonly number[], sinceMs: number): number {
  let count = 0;
  for (let i = hours.length - 1; i >= 0 && (hours[i] ?? 0) * HOUR_MS > sinceMs; i -= 1) count += 1;
  return count;
}
