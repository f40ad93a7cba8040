import { endAbsences } from '../db/absences.ts';
import { candidatesFor } from '../db/escalation-people.ts';
import { insertNotice, oweNotice } from '../db/notices.ts';
import type { Tx } from '../db/sql.ts';

export interface ReturnByWater {
  readonly householdId: number;
  /** When the water ran, by the clock of the meter. */
  readonly usedAt: Date;
}

/**
 * Ends the absence of a home in which water ran, as of the time when it ran, and tells whoever had declared it, or else
 * the first guardian: the watch goes on.
 */
export async function endAbsenceByWater(tx: Tx, { householdId, usedAt }: ReturnByWater, at: Date): Promise<void> {
  const ended = await endAbsences(tx, { householdId, at: usedAt, by: 'water' });
  if (ended.length === 0) return;
  const candidates = await candidatesFor(tx, householdId);
  const told = candidates.find(({ personId }) => ended.some(({ declaredBy }) => declaredBy === personId));
  const someone = told ?? candidates.find(({ role }) => role === 'guardian');
  if (!someone) return;
  const noticeId = await insertNotice(tx, { kind: 'absence_ended', householdId, detail: {} }, at);
  if (noticeId === undefined) return;
  const { personId, role } = someone;
  await oweNotice(tx, { noticeId, kind: 'absence_ended', step: 0, personId, role }, at);
}
