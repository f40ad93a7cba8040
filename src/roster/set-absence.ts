import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { type Absence, endAbsence, insertAbsence } from '../db/absences.ts';
import { type DbPool, inTransaction } from '../db/sql.ts';
import { DAY_MS } from '../domain/time.ts';

/** Whoever leaves for longer is no longer living there alone; the watch itself should then end. */
const LONGEST_DAYS = 183;

/**
 * Declares a home empty from and until a time. The latest word stands: when the new absence has begun, one that runs
 * ends with it, so that "back on Friday" can become "back on Wednesday".
 *
 * @throws AppError `input_invalid` when the absence would end before it begins, or is over already, or has no end in
 * sight: nothing may silence a home for good.
 */
export function setAbsence(
  { pool, clock }: { readonly pool: DbPool; readonly clock: Clock },
  absence: Omit<Absence, 'declaredBy'> & { readonly declaredBy?: number },
): Promise<void> {
  return inTransaction(pool, async (tx) => {
    const { householdId, awayFrom, awayUntil, declaredBy } = absence;
    const at = clock.now();
    if (awayUntil <= awayFrom || awayUntil <= at) {
      throw new AppError('input_invalid', 'an absence must end later than it begins, and later than now');
    }
    if (awayUntil.getTime() - awayFrom.getTime() > LONGEST_DAYS * DAY_MS) {
      throw new AppError('input_invalid', `an absence may last ${LONGEST_DAYS} days at most`);
    }
    if (awayFrom <= at) await endAbsence(tx, { householdId, at, by: 'person' });
    await insertAbsence(tx, { ...absence, declaredBy });
  });
}
