import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { DbPool } from '../db/sql.ts';
import { deleteAttemptCounts } from '../db/attempt-counts.ts';
import { deleteCheckPhotos } from '../db/check-photos.ts';
import { PHOTO_KEPT_DAYS } from '../domain/alerting/check-photo.ts';
import { DAY_MS } from '../domain/time.ts';
import { type QuarantineBounds, trimQuarantine } from '../ingest/quarantine/trim.ts';
import { tidySequences } from '../ingest/sequences/tidy-sequences.ts';

export interface HousekeepDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
}

const MIB = 1024 * 1024;
const QUARANTINE: QuarantineBounds = {
  maxAgeDays: 90,
  total: { messages: 500_000, bytes: 1_024 * MIB },
  eachSender: { messages: 100_000, bytes: 256 * MIB },
  eachReason: { messages: 300_000, bytes: 640 * MIB },
};

/** Keeps what only grows within bounds. What goes is said in the log. */
export async function housekeep({ pool, clock, log }: HousekeepDeps): Promise<void> {
  for (const { reason, waiting, replayed } of await trimQuarantine(pool, QUARANTINE, clock.now())) {
    const gone = { reason, waiting, replayed };
    if (waiting > 0) log.warn(gone, 'messages that nobody had taken were deleted from the quarantine');
    else log.info(gone, 'messages that had been taken were deleted from the quarantine');
  }
  await tidySequences({ pool, clock, log });
  await deleteAttemptCounts(pool, new Date(clock.now().getTime() - DAY_MS));
  const photos = await deleteCheckPhotos(pool, new Date(clock.now().getTime() - PHOTO_KEPT_DAYS * DAY_MS));
  if (photos > 0) log.info({ photos }, 'photos of home checks were deleted: their time is over');
}
