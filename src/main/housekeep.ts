import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { trimQuarantine } from '../db/quarantine.ts';
import type { DbPool } from '../db/sql.ts';

const QUARANTINE_ROWS = 100_000;
const QUARANTINE_DAYS = 90;

/** Keeps what only grows within bounds. What goes is said in the log. */
export async function housekeep(deps: {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<void> {
  const bounds = { at: deps.clock.now(), maxRows: QUARANTINE_ROWS, maxAgeDays: QUARANTINE_DAYS };
  const messages = await trimQuarantine(deps.pool, bounds);
  if (messages > 0) deps.log.warn({ messages }, 'old messages were deleted from the quarantine');
}
