import { recordAlertEvents } from '../db/alert-events.ts';
import { dueAlertIds, lockFreeAlerts, saveAlerts, type StoredAlert } from '../db/alerts.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { type Alert, transition } from '../domain/alerting/alert.ts';
import { delayAfterStepMs } from '../domain/alerting/escalation-policy.ts';
import type { AlertDeps } from './alert-deps.ts';
import { askSteps } from './ask-next.ts';
import { closeRecovered } from './close-recovered.ts';
import { endSnooze, tellOfLapsedClaims } from './end-holds.ts';

const AT_ONCE = 500;
/** So many alerts share a transaction: few statements for each, and nobody waits long for one of them. */
const GROUP = 100;

/**
 * Asks the next person wherever the last one did not answer in time, and ends what the returning water may end. Returns
 * how many alerts moved.
 *
 * Alerts are taken in groups, a transaction each. Where one of a group fails, each of it is taken by itself: one alert
 * that fails does not hold back the others; it stays due and is logged. So does one at which somebody else is at work.
 */
export async function escalateDueAlerts(deps: AlertDeps): Promise<number> {
  const due = await dueAlertIds(deps.pool, deps.clock.now(), AT_ONCE);
  let moved = 0;
  for (let start = 0; start < due.length; start += GROUP) {
    moved += await escalateGroup(deps, due.slice(start, start + GROUP));
  }
  return moved;
}

async function escalateGroup(deps: AlertDeps, alertIds: readonly number[]): Promise<number> {
  const { pool, clock, log } = deps;
  try {
    return await inTransaction(pool, (tx) => escalate(tx, alertIds, clock.now()));
  } catch (error) {
    const [alertId] = alertIds;
    if (alertIds.length === 1) {
      log.error({ err: error, alertId }, 'an alert could not be escalated; it stays due');
      return 0;
    }
  }
  let moved = 0;
  for (const alertId of alertIds) moved += await escalateGroup(deps, [alertId]);
  return moved;
}

interface Escalation {
  readonly before: StoredAlert;
  readonly next: Alert;
}

async function escalate(tx: Tx, alertIds: readonly number[], at: Date): Promise<number> {
  const escalations: Escalation[] = [];
  let closed = 0;
  for (const before of await lockFreeAlerts(tx, alertIds)) {
    if (await closeRecovered(tx, before, at)) {
      closed += 1;
      continue;
    }
    const next = transition(before, { type: 'escalated' }, at);
    if (next) escalations.push({ before, next });
  }
  if (escalations.length > 0) await takeSteps(tx, escalations, at);
  return closed + escalations.length;
}

async function takeSteps(tx: Tx, escalations: readonly Escalation[], at: Date): Promise<void> {
  for (const { before, next } of escalations) await tellOfLapsedClaims(tx, before, next.step, at);
  await recordAlertEvents(
    tx,
    escalations.map(({ before, next }) => ({
      alertId: before.id,
      at,
      type: 'escalated',
      detail: { step: next.step },
    })),
  );
  const takers = escalations.map(({ before: { id, householdId }, next }) => ({
    alertId: id,
    householdId,
    alert: next,
  }));
  const stepOf = await askSteps(tx, takers, at);
  for (const { before } of escalations) await endSnooze(tx, before, stepOf(before.id), at);
  await saveAlerts(
    tx,
    escalations.map(({ before: { id, policy }, next }) => {
      const step = stepOf(id);
      return {
        alertId: id,
        alert: { ...next, step, nextStepAt: new Date(at.getTime() + delayAfterStepMs(policy, step)) },
      };
    }),
  );
}
