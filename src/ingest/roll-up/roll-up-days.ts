import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { holdLock, LOCKS } from '../../db/locks.ts';
import { forgetRollUps, homesToRollUp, pendingRollUps } from '../../db/roll-up-notes.ts';
import { type DbPool, inTransaction } from '../../db/sql.ts';
import { noteUpkeep } from '../../db/upkeep-runs.ts';
import { settledBeforeMs } from '../../domain/metering/retention.ts';
import { knownCalendars } from '../../domain/known-calendars.ts';
import { rollUpHomes } from './roll-up-homes.ts';
import { slicesOf } from './slices-of.ts';

export interface RollUpDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
  /** For how many days readings are kept. */
  readonly keptDays: number;
}

const SUBJECTS_AT_ONCE = 5_000;

/**
 * Adds up the days of every home for which something changed since the last run, from the first changed day on.
 *
 * What changed is known from notes. A share of them, the days they lead to and their end are one transaction, which one
 * process has at a time; a run that dies leaves the rest of the notes. Returns how many homes were added up.
 */
export async function rollUpDays(deps: RollUpDeps): Promise<number> {
  const calendarOf = knownCalendars();
  let homes = 0;
  for (;;) {
    const done = await rollUpSome(deps, calendarOf);
    if (done === undefined) break;
    homes += done;
  }
  await noteUpkeep(deps.pool, 'roll_up', deps.clock.now());
  return homes;
}

/** Undefined when there is no note, or another process is at work. */
function rollUpSome(
  { pool, clock, log, keptDays }: RollUpDeps,
  calendarOf: ReturnType<typeof knownCalendars>,
): Promise<number | undefined> {
  return inTransaction(pool, async (tx) => {
    if (!(await holdLock(tx, LOCKS.rollUp))) return undefined;
    const notes = await pendingRollUps(tx, SUBJECTS_AT_ONCE);
    if (notes.length === 0) return undefined;

    const settledBefore = new Date(settledBeforeMs(clock.now().getTime(), keptDays));
    const homes = await homesToRollUp(tx, notes);
    for (const slice of slicesOf(homes, clock.now(), keptDays)) {
      await rollUpHomes({ tx, log, calendarOf, settledBefore }, slice);
    }
    await forgetRollUps(tx, notes);
    return homes.length;
  });
}
