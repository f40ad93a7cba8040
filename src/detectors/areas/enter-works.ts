import { AppError } from '../../core/errors.ts';
import { homesOfArea } from '../../db/area-homes.ts';
import { recordAuditEntry } from '../../db/audit-entries.ts';
import { insertOutage, recordOutageEvent } from '../../db/outages.ts';
import { inTransaction } from '../../db/sql.ts';
import type { AreaScope } from '../../domain/area/area-scope.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { AreaDeps } from './area-deps.ts';

/** Works of the utility, as somebody enters them ahead. */
export interface Works {
  readonly scope: AreaScope;
  readonly from: Date;
  readonly until: Date;
  readonly note: string;
  readonly by: string;
  /** A second person, who has looked at it; needed for many homes. */
  readonly confirmedBy: string | undefined;
}

const LONGEST_DAYS = 7;
/** Above so many homes one person's mistake would be too dear. */
const SECOND_PERSON_ABOVE_HOMES = 500;

/**
 * Enters works ahead: while they last, an alert of too little water in their area waits, each for the policy's hold time
 * at most. They end by themselves. Returns their number and how many homes they concern.
 *
 * @throws AppError `input_invalid` when they would end before they begin or have no end in sight, without a reason, when
 * no home is in the area, or when a second person is missing.
 */
export async function enterWorks(
  { pool, clock }: Pick<AreaDeps, 'pool' | 'clock'>,
  works: Works,
): Promise<{ readonly id: number; readonly homes: number }> {
  const { scope, from, until, note, by, confirmedBy } = works;
  const at = clock.now();
  if (until <= from || until <= at) throw refusal('works must end later than they begin, and later than now');
  if (until.getTime() - from.getTime() > LONGEST_DAYS * DAY_MS) {
    throw refusal(`works may last ${LONGEST_DAYS} days at most: enter the rest when it comes`);
  }
  if (note.trim() === '') throw refusal('works need a reason: what is done, and by whom it was announced');
  return inTransaction(pool, async (tx) => {
    const homes = (await homesOfArea(tx, scope, at)).length;
    if (homes === 0) throw refusal(`no home is in the ${scope.kind} "${scope.name}": is it spelled right?`);
    if (homes > SECOND_PERSON_ABOVE_HOMES && (confirmedBy === undefined || confirmedBy === by)) {
      throw refusal(`${homes} homes are concerned: above ${SECOND_PERSON_ABOVE_HOMES} a second person must confirm it`);
    }
    const { kind, name } = scope;
    const outage = { kind, name, beganAt: from, noticedAt: at, heldUntil: until, homes, affected: 0, note };
    const id = await insertOutage(tx, { ...outage, cause: 'works', declaredBy: by });
    if (id === undefined) throw new Error('works were refused by the database');
    await recordOutageEvent(tx, { outageId: id, at, type: 'entered', detail: { by, confirmedBy, homes } });
    const detail = { kind, area: name, from, until, homes, confirmedBy };
    await recordAuditEntry(tx, { at, actor: by, action: 'works.entered', subject: `outage ${id}`, detail });
    return { id, homes };
  });
}

function refusal(message: string): AppError {
  return new AppError('input_invalid', message);
}
