import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import {
  followRetention,
  forgetConflicts,
  forgetReadings,
  hasTimescale,
  metersAfter,
  type OldReadings,
} from '../../db/retention.ts';
import type { DbPool } from '../../db/sql.ts';
import { noteUpkeep } from '../../db/upkeep-runs.ts';
import { forgottenBeforeMs } from '../../domain/metering/retention.ts';

export interface RetentionDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
  /** For how many days readings are kept. */
  readonly keptDays: number;
}

const METERS_AT_ONCE = 500;
const ROWS_AT_ONCE = 20_000;

/**
 * Deletes readings and their conflicts that are older than they are to be kept; the sums of their days stay.
 *
 * TimescaleDB drops its readings a week at a time by its own policy, which is told how long. Elsewhere they go meter by
 * meter in small transactions, so that nobody waits. Returns how many rows were deleted here.
 */
export async function retainReadings({ pool, clock, log, keptDays }: RetentionDeps): Promise<number> {
  const before = new Date(forgottenBeforeMs(clock.now().getTime(), keptDays));
  const dropsByItself = await hasTimescale(pool);
  if (dropsByItself && (await followRetention(pool, keptDays)))
    log.info({ keptDays }, 'the retention policy was changed');

  let deleted = 0;
  for await (const meterIds of allMeters(pool)) {
    const old = { meterIds, before, limit: ROWS_AT_ONCE };
    if (!dropsByItself) deleted += await untilNoneIsLeft(forgetReadings, pool, old);
    deleted += await untilNoneIsLeft(forgetConflicts, pool, old);
  }
  await noteUpkeep(pool, 'retention', clock.now());
  if (deleted > 0) log.info({ readings: deleted, before }, 'readings older than they are to be kept were deleted');
  return deleted;
}

async function* allMeters(pool: DbPool): AsyncGenerator<number[]> {
  let meterIds = await metersAfter(pool, 0, METERS_AT_ONCE);
  while (meterIds.length > 0) {
    yield meterIds;
    meterIds = await metersAfter(pool, Math.max(...meterIds), METERS_AT_ONCE);
  }
}

async function untilNoneIsLeft(
  forget: (pool: DbPool, old: OldReadings) => Promise<number>,
  pool: DbPool,
  old: OldReadings,
): Promise<number> {
  for (let total = 0; ;) {
    const deleted = await forget(pool, old);
    total += deleted;
    if (deleted < old.limit) return total;
  }
}
