import { MINUTE_MS, SECOND_MS } from '../time.ts';
import { type FailureCause, scopeOf } from './failure-cause.ts';

/** After so many attempts a text that keeps failing for a passing cause has failed. */
export const MAX_ATTEMPTS = 6;
const FIRST_WAIT_MS = 5 * SECOND_MS;
const LONGEST_WAIT_MS = 10 * MINUTE_MS;

/**
 * How long to wait in milliseconds before attempt `attempts + 1`, or undefined when there is to be none: twice as long
 * each time, never less than the gateway asked for. What is wrong with the account is waited out without a limit.
 */
export function retryDelayMs(attempts: number, cause: FailureCause, askedForMs = 0): number | undefined {
  const scope = scopeOf(cause);
  if (scope === 'text') return undefined;
  if (scope === 'passing' && attempts >= MAX_ATTEMPTS) return undefined;
  return Math.max(askedForMs, Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS));
}
