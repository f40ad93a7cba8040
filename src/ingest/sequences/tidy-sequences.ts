import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { forgetSilentStreams, giveUpForgottenGaps, trimGaps } from '../../db/sequences-housekeeping.ts';
import { type DbPool, inTransaction } from '../../db/sql.ts';
import { DAY_MS } from '../../domain/time.ts';

export interface TidyDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
}

/** As long as readings are kept. A sender that comes back later begins a stream that is new to us. */
const KEPT_DAYS = 400;
const KEPT_GAPS = 200_000;

/** Forgets streams that were not heard of for long, and the oldest records of what was given up. */
export async function tidySequences({ pool, clock, log }: TidyDeps): Promise<void> {
  const at = clock.now();
  const before = new Date(at.getTime() - KEPT_DAYS * DAY_MS);
  const streams = await inTransaction(pool, async (tx) => {
    const forgotten = await forgetSilentStreams(tx, before);
    if (forgotten > 0) await giveUpForgottenGaps(tx, at);
    return forgotten;
  });
  const gaps = await trimGaps(pool, { before, maxRows: KEPT_GAPS });
  if (streams + gaps > 0) log.info({ streams, gaps }, 'old streams of numbered messages and their gaps were forgotten');
}
