import { err, ok, type Result } from '../../core/result.ts';
import type { Rejection } from './decoder.ts';

/** A meter's clock may be ahead of ours by this much. */
const MAX_CLOCK_LEAD_MS = 10 * 60_000;
/** A meter that lost its clock starts again in 1970 or 1980; none of those that are read today was built before this. */
export const EARLIEST_MS = Date.UTC(2000, 0, 1);

/** When a meter says it took a reading, as milliseconds since 1970, where its clock can be believed. */
export function readingTime(at: string, receivedAt: Date): Result<number, Rejection> {
  const readAtMs = Date.parse(at);
  if (isBelievable(readAtMs, receivedAt)) return ok(readAtMs);
  return err({ reason: readAtMs < EARLIEST_MS ? 'too_old' : 'from_the_future', detail: at });
}

/** Whether a meter's clock can have shown this, in milliseconds since 1970, when its message arrived. */
export function isBelievable(readAtMs: number, receivedAt: Date): boolean {
  return readAtMs >= EARLIEST_MS && readAtMs <= latestMs(receivedAt.getTime());
}

/** The latest time that a meter can have shown when its message arrived, both in milliseconds since 1970. */
export function latestMs(receivedAtMs: number): number {
  return receivedAtMs + MAX_CLOCK_LEAD_MS;
}
