import { recordAuditEntry } from '../db/audit-entries.ts';
import { endDailyWords } from '../db/daily-words.ts';
import { inTransaction } from '../db/sql.ts';
import type { AlertDeps } from './alert-deps.ts';

export interface DailyWordStop {
  readonly personId: number;
  /** Left out: of every home. */
  readonly householdId?: number;
  /** How they said so. */
  readonly from: 'page' | 'link' | 'reply';
}

/** Somebody wants no daily word any more; one that still waits is not sent. Yields how many there were to stop. */
export function stopDailyWord(
  { pool, clock }: Pick<AlertDeps, 'pool' | 'clock'>,
  stop: DailyWordStop,
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const stopped = await endDailyWords(tx, stop, at);
    for (const { householdId, personId } of stopped) {
      const detail = { householdId, from: stop.from };
      await recordAuditEntry(tx, {
        at,
        actor: `person ${personId}`,
        action: 'daily_word.stopped',
        subject: `household ${householdId}`,
        detail,
      });
    }
    return stopped.length;
  });
}
