import { recordAlertEvent } from '../db/alert-events.ts';
import { dueAlertIds, lockAlert, saveAlert } from '../db/alerts.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import { delayAfterStepMs } from '../domain/alerting/escalation-policy.ts';
import type { AlertDeps } from './alert-deps.ts';
import { askStep } from './ask-next.ts';
import { closeRecovered } from './close-recovered.ts';
import { endSnooze, tellOfLapsedClaims } from './end-holds.ts';

const AT_ONCE = 500;

/**
 * Asks the next person wherever the last one did not answer in time, and ends what the returning water may end. Returns
 * how many alerts moved.
 *
 * One alert that fails does not hold back the others: it stays due and is logged.
 */
export async function escalateDueAlerts(deps: AlertDeps): Promise<number> {
  const { pool, clock, log } = deps;
  let moved = 0;
  for (const alertId of await dueAlertIds(pool, clock.now(), AT_ONCE)) {
    try {
      moved += Number(await inTransaction(pool, (tx) => escalate(tx, alertId, clock.now())));
    } catch (error) {
      log.error({ err: error, alertId }, 'an alert could not be escalated; it stays due');
    }
  }
  return moved;
}

async function escalate(tx: Tx, alertId: number, at: Date): Promise<boolean> {
  const alert = await lockAlert(tx, alertId);
  if (!alert) return false;
  if (await closeRecovered(tx, alert, at)) return true;
  const next = transition(alert, { type: 'escalated' }, at);
  if (!next) return false;

  await tellOfLapsedClaims(tx, alert, next.step, at);
  await recordAlertEvent(tx, { alertId, at, type: 'escalated', detail: { step: next.step } });
  const step = await askStep(tx, { alertId, householdId: alert.householdId }, next, at);
  await endSnooze(tx, alert, step, at);
  const nextStepAt = new Date(at.getTime() + delayAfterStepMs(alert.policy, step));
  await saveAlert(tx, alertId, { ...next, step, nextStepAt });
  return true;
}
