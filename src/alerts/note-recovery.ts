import { recordAlertEvent } from '../db/alert-events.ts';
import { lockAlert, saveAlert } from '../db/alerts.ts';
import { oweRecovery } from '../db/outbox.ts';
import { inTransaction } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import { RECOVERY_TOLD_AFTER_MINUTES, RECOVERY_TOLD_EVERY_MINUTES } from '../domain/alerting/recovery.ts';
import type { AlertDeps } from './alert-deps.ts';
import { tellOfRelapse } from './tell-of-relapse.ts';

const TOLD = { afterMinutes: RECOVERY_TOLD_AFTER_MINUTES, everyMinutes: RECOVERY_TOLD_EVERY_MINUTES };

/**
 * Notes that the condition behind an alert is over (water is used again, or has stopped running), or that it has come
 * back, and tells everybody who was asked once it has stayed so for a while. It closes nothing: a person must still look,
 * or the water has to stay for as long as the policy says. Returns whether anything changed.
 */
export function noteRecovery(
  { pool, clock }: AlertDeps,
  { alertId, recovered }: { alertId: number; recovered: boolean },
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const type = recovered ? 'recovered' : 'relapsed';
    const alert = await lockAlert(tx, alertId);
    const next = alert && transition(alert, { type }, at);
    if (!next) return false;

    await saveAlert(tx, alertId, next);
    await recordAlertEvent(tx, { alertId, at, type });
    if (recovered) await oweRecovery(tx, { ...TOLD, alertId, step: next.step }, at);
    else await tellOfRelapse(tx, { ...next, alertId }, at);
    return true;
  });
}
