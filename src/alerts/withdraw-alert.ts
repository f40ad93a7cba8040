import { recordAlertEvent } from '../db/alert-events.ts';
import { lockAlert, saveAlert } from '../db/alerts.ts';
import { oweStandDowns } from '../db/outbox.ts';
import { inTransaction } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import type { AlertDeps } from './alert-deps.ts';

/**
 * Closes an alert because readings that came late show that its findings were never true, and tells everybody who was
 * texted. An emergency that a person reported stands whatever the readings say. Returns whether it was closed.
 */
export function withdrawAlert({ pool, clock }: AlertDeps, alertId: number): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const alert = await lockAlert(tx, alertId);
    const next = alert && transition(alert, { type: 'withdrawn' }, at);
    if (!next) return false;

    await saveAlert(tx, alertId, next);
    await recordAlertEvent(tx, { alertId, at, type: 'closed', detail: { outcome: next.closeOutcome } });
    await oweStandDowns(tx, alertId, next.step, at);
    return true;
  });
}
