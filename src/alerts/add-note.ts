import { recordAlertEvent } from '../db/alert-events.ts';
import { type CheckNote, insertCheckNote } from '../db/check-notes.ts';
import { inTransaction } from '../db/sql.ts';
import type { AlertDeps } from './alert-deps.ts';

/** Keeps what somebody has to add to a home check, before or after it is over. It changes nothing about the alert. */
export function addNote({ pool, clock }: AlertDeps, note: CheckNote): Promise<void> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const noteId = await insertCheckNote(tx, note, at);
    const { alertId, personId, linkId } = note;
    await recordAlertEvent(tx, { alertId, at, type: 'note_added', personId, detail: { noteId, linkId } });
  });
}
