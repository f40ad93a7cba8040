import { openAlertOf } from '../db/alerts.ts';
import { inTransaction, isUniqueViolation, type Tx } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import type { AlertDeps } from './alert-deps.ts';
import { type Answer, applyAnswer, tidied } from './answer.ts';
import { existingAlert, refusal } from './existing-alert.ts';

/** An answer that contradicts the end of an alert. */
export type Contradiction = Answer & { readonly outcome: 'needs_help' | 'could_not_reach' };

/**
 * Somebody answers after an alert was closed that help is needed, or that they cannot find the person: it goes on, at
 * the desk and with all guardians for the first, with the next people for the second. From then on only a person ends
 * it. When the home has another open alert by now, the answer counts there.
 *
 * Returns the alert that goes on.
 *
 * @throws AppError `alert_not_found`; `alert_transition_refused` when it is not closed: it takes answers then.
 */
export async function reopenAlert(deps: AlertDeps, answer: Contradiction): Promise<{ alertId: number }> {
  try {
    return await inTransaction(deps.pool, (tx) => reopen(tx, deps.clock.now(), answer));
  } catch (error) {
    // Another alert of the home was opened at this moment: the answer counts there.
    if (!isUniqueViolation(error)) throw error;
    return inTransaction(deps.pool, (tx) => reopen(tx, deps.clock.now(), answer));
  }
}

async function reopen(tx: Tx, at: Date, answer: Contradiction): Promise<{ alertId: number }> {
  const ended = await existingAlert(tx, answer.alertId);
  const needsHelp = answer.outcome === 'needs_help';
  const again = transition(ended, { type: 'reopened', needsHelp }, at);
  if (!again) throw refusal(ended, 'is not over');

  const otherId = await openAlertOf(tx, ended.householdId);
  if (otherId === undefined) {
    await applyAnswer(tx, { before: ended, next: again, type: 'reopened', answer: tidied(answer) }, at);
    return { alertId: ended.id };
  }
  const other = await existingAlert(tx, otherId);
  const { outcome } = answer;
  const next = transition(other, { type: 'verified', outcome, cause: undefined, mayEndEmergency: false }, at);
  if (!next) throw refusal(other, 'was closed at this moment');
  await applyAnswer(tx, { before: other, next, type: 'verified', answer: { ...tidied(answer), alertId: otherId } }, at);
  return { alertId: otherId };
}
