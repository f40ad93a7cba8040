import { recordAlertEvents } from '../db/alert-events.ts';
import { insertAlerts, type NewAlert, saveAlerts } from '../db/alerts.ts';
import { linkFindingsToAlerts } from '../db/findings.ts';
import { timeZonesOf } from '../db/leaves.ts';
import type { Tx } from '../db/sql.ts';
import { openAlert } from '../domain/alerting/alert.ts';
import { delayAfterStepMs, type EscalationPolicy } from '../domain/alerting/escalation-policy.ts';
import { type EscalationVariant, policyAt } from '../domain/alerting/escalation-variant.ts';
import { type Evidence, severityOf } from '../domain/alerting/finding.ts';
import { wallTimeAt } from '../domain/wall-time.ts';
import { askSteps } from './ask-next.ts';
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

interface Opening {
  readonly raise: Raise;
  readonly fresh: NewAlert;
}

/**
 * Opens alerts on findings, each of another home, and asks the first people, in the caller's transaction. Yields the
 * alerts by home; a home that has an open alert is not among them, and nothing is changed for it.
 */
export async function openAlerts(tx: Tx, raises: readonly Raise[], at: Date): Promise<ReadonlyMap<number, number>> {
  const openings = await prepare(tx, raises, at);
  const alerts = await insertAlerts(
    tx,
    openings.map(({ fresh }) => fresh),
  );
  const opened = openings.flatMap(({ raise, fresh }) => {
    const alertId = alerts.get(raise.householdId);
    return alertId === undefined ? [] : [{ raise, alertId, householdId: raise.householdId, alert: fresh.alert }];
  });
  if (opened.length === 0) return alerts;

  await linkFindingsToAlerts(
    tx,
    opened.map(({ alertId, raise: { findingId } }) => ({ alertId, findingId })),
  );
  await recordAlertEvents(
    tx,
    opened.map(({ alertId, alert, raise: { detectorVersion, evidence, heldSince } }) => {
      const { severity, policy } = alert;
      const detail = {
        detector: evidence.detector,
        detectorVersion,
        severity,
        policy: policy.name,
        evidence,
        heldSince,
      };
      return { alertId, at, type: 'opened', detail };
    }),
  );
  const stepOf = await askSteps(tx, opened, at);
  await saveAlerts(
    tx,
    opened.flatMap(({ alertId, alert }) => {
      const step = stepOf(alertId);
      if (step === alert.step) return [];
      const nextStepAt = new Date(at.getTime() + delayAfterStepMs(alert.policy, step));
      return [{ alertId, alert: { ...alert, step, nextStepAt } }];
    }),
  );
  return alerts;
}

/** Homes in one order, so that two processes that open alerts of the same homes wait for each other and not both. */
async function prepare(tx: Tx, raises: readonly Raise[], at: Date): Promise<Opening[]> {
  const varied = raises.filter(({ variants = [] }) => variants.length > 0).map(({ householdId }) => householdId);
  const zones = varied.length === 0 ? new Map<number, string>() : await timeZonesOf(tx, varied);
  return raises
    .toSorted((a, b) => a.householdId - b.householdId)
    .map((raise) => {
      const { householdId, detectorVersion, evidence } = raise;
      const { detector } = evidence;
      const alert = openAlert(policyInForce(raise, zones.get(householdId), at), severityOf(detector), at);
      return { raise, fresh: { householdId, detector, detectorVersion, evidence, alert, openedAt: at } };
    });
}

function policyInForce({ policy, variants = [] }: Raise, timeZone: string | undefined, at: Date): EscalationPolicy {
  if (timeZone === undefined) return policy;
  const wall = wallTimeAt(at, timeZone);
  return policyAt({ policy, variants }, wall, dayKindOf(wall.date));
}
