import { AppError } from '../core/errors.ts';
import { recordAlertEvent } from '../db/alert-events.ts';
import { lockAlert, saveAlert } from '../db/alerts.ts';
import { inTransaction } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import type { AlertDeps } from './alert-deps.ts';

/**
 * "I am on my way": holds the next step back for a while. It is no verification, and it lapses. Saying it twice
 * changes nothing.
 *
 * @throws AppError `alert_not_found`; `alert_transition_refused` for a closed alert or an emergency.
 */
export function claimAlert({ pool, clock }: AlertDeps, claim: { alertId: number; personId: number }): Promise<void> {
  const { alertId, personId } = claim;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const alert = await lockAlert(tx, alertId);
    if (!alert) throw new AppError('alert_not_found', `alert ${alertId} does not exist`);
    if (alert.state === 'claimed' && alert.claimedBy === personId) return;

    const next = transition(alert, { type: 'claimed', by: personId }, at);
    if (!next)
      throw new AppError(
        'alert_transition_refused',
        `alert ${alertId} (${alert.state}, ${alert.severity}) cannot be claimed`,
      );
    await saveAlert(tx, alertId, next);
    await recordAlertEvent(tx, { alertId, at, type: 'claimed', personId, detail: { until: next.nextStepAt } });
  });
}
