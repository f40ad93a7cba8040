import { lockAlert, saveAlert } from '../db/alerts.ts';
import { inTransaction } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import type { AlertDeps } from './alert-deps.ts';
import { tellOfTheEnd } from './tell-of-the-end.ts';

/**
 * Closes an alert because readings that came late show that its findings were never true, and tells everybody who was
 * texted. What a person reported (an emergency, or that the end of the alert
 * was wrong) stands whatever the readings say. Returns whether it was closed.
 */
export function withdrawAlert({ pool, clock }: AlertDeps, alertId: number): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const alert = await lockAlert(tx, alertId);
    const next = alert && transition(alert, { type: 'withdrawn' }, at);
    if (!next) return false;

    await saveAlert(tx, alertId, next);
    await tellOfTheEnd(tx, alertId, next, at);
    return true;
  });
}
