import { AppError } from '../core/errors.ts';
import { insertAbsence } from '../db/absences.ts';
import { recordAlertEvent } from '../db/alert-events.ts';
import { lockAlert, saveAlert, type StoredAlert } from '../db/alerts.ts';
import { candidatesFor } from '../db/escalation-people.ts';
import { oweStandDowns, oweText } from '../db/outbox.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { insertVerification, mayEndEmergency, type Verification } from '../db/verifications.ts';
import { type Alert, transition } from '../domain/alerting/alert.ts';
import type { AlertDeps } from './alert-deps.ts';

/** What somebody answered, from the page behind their link. */
export interface Answer extends Omit<Verification, 'method' | 'cause' | 'awayUntil'> {
  readonly method?: Verification['method'];
  readonly cause?: Verification['cause'];
  readonly awayUntil?: Verification['awayUntil'];
}

/**
 * Records what a person found at the home check, with its consequence, in one transaction: safe, false alarm and away
 * close the alert and tell everybody who was texted; away also writes the absence; needing help tells the desk and all
 * guardians; nobody reached makes the next step due now.
 *
 * @throws AppError `alert_not_found`; `alert_transition_refused` when the alert is closed: nothing is written then.
 */
export function recordVerification({ pool, clock }: AlertDeps, answer: Answer): Promise<void> {
  const { alertId, personId, outcome } = answer;
  const cause = outcome === 'false_alarm' ? answer.cause : undefined;
  const awayUntil = outcome === 'away' ? answer.awayUntil : undefined;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const alert = await lockAlert(tx, alertId);
    if (!alert) throw new AppError('alert_not_found', `alert ${alertId} does not exist`);

    const maySettle = await mayEndEmergency(tx, alertId, personId);
    const next = transition(alert, { type: 'verified', outcome, cause, mayEndEmergency: maySettle }, at);
    if (!next) throw new AppError('alert_transition_refused', `alert ${alertId} is ${alert.state}`);

    await insertVerification(tx, { ...answer, method: answer.method, cause, awayUntil }, at);
    await saveAlert(tx, alertId, next);
    const detail = { outcome, method: answer.method, cause, awayUntil };
    await recordAlertEvent(tx, { alertId, at, type: 'verified', personId, detail });
    if (awayUntil && next.state === 'closed') await writeAbsence(tx, alert, personId, at, awayUntil);
    if (outcome === 'needs_help') await soundEmergency(tx, alert, next, at);
    if (next.state === 'closed') await standDown(tx, alertId, next, at);
  });
}

async function writeAbsence(tx: Tx, alert: StoredAlert, personId: number, at: Date, awayUntil: Date): Promise<void> {
  const { householdId } = alert;
  await insertAbsence(tx, { householdId, awayFrom: at, awayUntil, declaredBy: personId, source: 'page' });
}

/** The desk and all guardians at once, whichever step the alert had reached. */
async function soundEmergency(tx: Tx, alert: StoredAlert, next: Alert, at: Date): Promise<void> {
  for (const { personId, role } of await candidatesFor(tx, alert.householdId)) {
    if (role !== 'desk' && role !== 'guardian') continue;
    await oweText(tx, { alertId: alert.id, intent: 'emergency', step: next.step, personId, role }, at);
    await recordAlertEvent(tx, { alertId: alert.id, at, type: 'asked', personId, detail: { step: next.step, role } });
  }
}

async function standDown(tx: Tx, alertId: number, alert: Alert, at: Date): Promise<void> {
  await recordAlertEvent(tx, {
    alertId,
    at,
    type: 'closed',
    detail: { outcome: alert.closeOutcome, cause: alert.closeCause },
  });
  await oweStandDowns(tx, alertId, alert.step, at);
}
