import { recordAuditEntry } from '../db/audit-entries.ts';
import { beginDailyWord, type HomeAndPerson } from '../db/daily-words.ts';
import { inTransaction } from '../db/sql.ts';
import type { AlertDeps } from './alert-deps.ts';

/**
 * A guardian asks to be told once a day when water is used at a home, from the next day on. Asking twice is asking once;
 * whoever is no guardian of the home gets nothing.
 */
export function startDailyWord({ pool, clock }: AlertDeps, { householdId, personId }: HomeAndPerson): Promise<void> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    if (!(await beginDailyWord(tx, { householdId, personId }, at))) return;
    const detail = { householdId, from: 'page' };
    await recordAuditEntry(tx, {
      at,
      actor: `person ${personId}`,
      action: 'daily_word.started',
      subject: `household ${householdId}`,
      detail,
    });
  });
}
