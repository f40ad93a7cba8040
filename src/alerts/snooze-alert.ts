import { recordAlertEvent } from '../db/alert-events.ts';
import { saveAlert } from '../db/alerts.ts';
import { inTransaction } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import type { AlertDeps } from './alert-deps.ts';
import { existingAlert, refusal } from './existing-alert.ts';

export interface Snooze {
  readonly alertId: number;
  readonly personId: number;
  /** At most `longestSnoozeMinutes` of the alert's policy from now. */
  readonly until: Date;
}

/**
 * Puts an alert off: nobody else is asked until then. After that it speaks again, also to whoever put it off, and can
 * then be put off once more.
 *
 * @throws AppError `alert_not_found`; `alert_transition_refused` for a closed alert, an emergency, one that is put off
 * already, or a time that has passed or is too far ahead.
 */
export function snoozeAlert({ pool, clock }: AlertDeps, { alertId, personId, until }: Snooze): Promise<void> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const alert = await existingAlert(tx, alertId);
    const next = transition(alert, { type: 'snoozed', by: personId, until }, at);
    if (!next) throw refusal(alert, `cannot be put off until ${until.toISOString()}`);
    await saveAlert(tx, alertId, next);
    await recordAlertEvent(tx, { alertId, at, type: 'snoozed', personId, detail: { until } });
  });
}
