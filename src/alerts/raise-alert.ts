import { recordAlertEvent } from '../db/alert-events.ts';
import { giveReason, insertAlert, lockAlert, openAlertOf, saveAlert, type StoredAlert } from '../db/alerts.ts';
import { linkFindingToAlert } from '../db/findings.ts';
import { timeZoneOf } from '../db/leaves.ts';
import { oweToEverybodyAsked } from '../db/outbox.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { type Alert, openAlert, transition } from '../domain/alerting/alert.ts';
import { delayAfterStepMs, type EscalationPolicy } from '../domain/alerting/escalation-policy.ts';
import { type EscalationVariant, policyAt } from '../domain/alerting/escalation-variant.ts';
import { type Evidence, severityOf } from '../domain/alerting/finding.ts';
import type { AlertDeps } from './alert-deps.ts';
import { wallTimeAt } from '../domain/wall-time.ts';
import { askStep } from './ask-next.ts';
import { dayKindOf } from './day-kind.ts';

export interface Raise {
  readonly findingId: number;
  readonly householdId: number;
  readonly detectorVersion: number;
  readonly evidence: Evidence;
  readonly policy: EscalationPolicy;
  /** Since when the alert waited for an outage of its area, or in a queue; undefined when it did not. */
  readonly heldSince?: Date | undefined;
  /** What takes its place at certain hours and on certain days. The alert keeps a copy of the one in force now. */
  readonly variants?: readonly EscalationVariant[];
}

/**
 * Opens an alert on a finding and asks the first people, in one transaction; a home that has an open alert gets the
 * finding joined to it instead. Raising the same finding twice changes nothing.
 *
 * Returns the alert, and whether it is a new one.
 */
export function raiseAlert({ pool, clock }: AlertDeps, raise: Raise): Promise<{ alertId: number; opened: boolean }> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const opened = await open(tx, raise, at);
    if (opened !== undefined) return { alertId: opened, opened: true };
    return { alertId: await join(tx, raise, at), opened: false };
  });
}

async function open(tx: Tx, raise: Raise, at: Date): Promise<number | undefined> {
  const { householdId, detectorVersion, evidence, heldSince } = raise;
  const policy = await policyInForce(tx, raise, at);
  const { detector } = evidence;
  const alert = openAlert(policy, severityOf(detector), at);
  const alertId = await insertAlert(tx, { householdId, detector, detectorVersion, evidence, alert, openedAt: at });
  if (alertId === undefined) return undefined;

  await linkFindingToAlert(tx, raise.findingId, alertId);
  const detail = { detector, detectorVersion, severity: alert.severity, policy: policy.name, evidence, heldSince };
  await recordAlertEvent(tx, { alertId, at, type: 'opened', detail });
  const step = await askStep(tx, { alertId, householdId }, alert, at);
  if (step !== alert.step) {
    const nextStepAt = new Date(at.getTime() + delayAfterStepMs(policy, step));
    await saveAlert(tx, alertId, { ...alert, step, nextStepAt });
  }
  return alertId;
}

async function policyInForce(
  tx: Tx,
  { householdId, policy, variants = [] }: Raise,
  at: Date,
): Promise<EscalationPolicy> {
  if (variants.length === 0) return policy;
  const wall = wallTimeAt(at, await timeZoneOf(tx, householdId));
  return policyAt({ policy, variants }, wall, dayKindOf(wall.date));
}

async function join(tx: Tx, raise: Raise, at: Date): Promise<number> {
  const { findingId, householdId, evidence } = raise;
  const openId = await openAlertOf(tx, householdId);
  const alert = openId === undefined ? undefined : await lockAlert(tx, openId);
  const severity = severityOf(evidence.detector);
  const joined = alert && transition(alert, { type: 'finding_joined', severity }, at);
  // It was closed between the two looks: the next run of the detectors finds the home without an alert and opens one.
  if (!alert || !joined) throw new Error('the open alert of the home was closed at this moment');

  const isNew = await linkFindingToAlert(tx, findingId, alert.id);
  if (isNew) {
    await saveAlert(tx, alert.id, joined);
    const detail = { detector: evidence.detector, severity: joined.severity, evidence };
    await recordAlertEvent(tx, { alertId: alert.id, at, type: 'finding_joined', detail });
    if (joined.severity !== alert.severity || alert.recoveredAt) await askAgain(tx, alert, joined, raise, at);
  }
  return alert.id;
}

/**
 * Whoever was asked knows of less than this, or was told that it was over: they are asked again. What is graver becomes
 * the reason that texts and pages give.
 */
async function askAgain(tx: Tx, before: StoredAlert, joined: Alert, raise: Raise, at: Date): Promise<void> {
  const { id: alertId, severity: from } = before;
  if (joined.severity !== from) {
    await giveReason(tx, alertId, raise);
    await recordAlertEvent(tx, { alertId, at, type: 'severity_raised', detail: { from, to: joined.severity } });
  }
  await oweToEverybodyAsked(tx, { alertId, intent: 'check_again', step: joined.step }, at);
}
