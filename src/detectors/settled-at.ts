import { HOUR_MS, MINUTE_MS } from '../domain/time.ts';
import type { LoadedHome } from './load-homes.ts';

/** How old a home's newest reading may be before more of them are thought to be on their way. */
const USUALLY_AS_NEW_AS_MS = 2 * HOUR_MS;
const LATE_FACTOR = 1.5;
/** What a broker or a head-end kept during an outage is through by then. */
const MORE_COMES_WITHIN_MS = 10 * MINUTE_MS;

/**
 * From when on somebody may be woken for what a home's newest reading says.
 *
 * One that is old when it comes is often one of many: after an outage the readings come in the order of time, and what was
 * true in the middle of them may be over at their end. So nobody is woken until no further ones have come for a while.
 */
export function settledAtMs(
  { heard, nominalIntervalMs }: Pick<LoadedHome, 'heard' | 'nominalIntervalMs'>,
  lastReadMs: number,
): number {
  const lastHeardMs = Math.max(lastReadMs, ...heard.map((each) => each.lastHeardMs));
  const isOld = lastHeardMs - lastReadMs > Math.max(USUALLY_AS_NEW_AS_MS, nominalIntervalMs * LATE_FACTOR);
  return isOld ? lastHeardMs + MORE_COMES_WITHIN_MS : lastReadMs;
}
