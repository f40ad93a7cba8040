import { recordAlertEvent } from '../db/alert-events.ts';
import { inTransaction } from '../db/sql.ts';
import { insertVerification } from '../db/verifications.ts';
import { recordVisit } from '../db/visits.ts';
import type { AlertDeps } from './alert-deps.ts';
import { type Answer, tidied } from './answer.ts';
import { existingAlert } from './existing-alert.ts';

/**
 * Keeps an answer that came when the alert was over already and that does not open it again. The one that closed it
 * stands.
 *
 * @throws AppError `alert_not_found`
 */
export function keepLateAnswer({ pool, clock }: AlertDeps, answer: Answer): Promise<void> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const { alertId, personId, outcome, method, linkId } = answer;
    await existingAlert(tx, alertId);
    const kept = tidied(answer);
    await recordVisit(tx, await insertVerification(tx, kept, at), at);
    const detail = { outcome, method, linkId };
    await recordAlertEvent(tx, { alertId, at, type: 'answered_late', personId, detail });
  });
}
