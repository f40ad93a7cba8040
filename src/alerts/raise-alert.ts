import { recordAlertEvent } from '../db/alert-events.ts';
import { giveReason, lockAlert, openAlertOf, saveAlert, type StoredAlert } from '../db/alerts.ts';
import { linkFindingToAlert } from '../db/findings.ts';
import { oweToEverybodyAsked } from '../db/outbox.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { type Alert, transition } from '../domain/alerting/alert.ts';
import { channelsWithText } from '../domain/alerting/escalation-policy.ts';
import { severityOf } from '../domain/alerting/finding.ts';
import type { AlertDeps } from './alert-deps.ts';
import { tellOfRelapse } from './tell-of-relapse.ts';
import { openAlerts, type Raise } from './open-alerts.ts';

/** So many alerts share a transaction: few statements for each, and their texts leave while the next are raised. */
const GROUP = 100;

export interface RaiseDeps extends AlertDeps {
  /** Told when alerts were opened: their texts can leave. */
  readonly onOpened?: (() => void) | undefined;
}

/**
 * Opens alerts on findings and asks the first people; a home that has an open alert gets the finding joined to it
 * instead. Raising the same finding twice changes nothing. Returns how many are new.
 *
 * Homes share transactions, and all of a home is in one of them. A home whose alert cannot be raised fails those of its
 * group: whoever raises then does so for each home by itself.
 */
export async function raiseAlerts(deps: RaiseDeps, raises: readonly Raise[]): Promise<number> {
  const homes = new Set<number>();
  const firsts = raises.filter(({ householdId }) => !homes.has(householdId) && homes.add(householdId));
  const opened = new Set<number>();
  for (let start = 0; start < firsts.length; start += GROUP) {
    const group = firsts.slice(start, start + GROUP);
    const alerts = await inTransaction(deps.pool, (tx) => openAlerts(tx, group, deps.clock.now()));
    for (const { findingId, householdId } of group) if (alerts.has(householdId)) opened.add(findingId);
    if (alerts.size > 0) deps.onOpened?.();
  }
  let joinedAnew = 0;
  for (const raise of raises) {
    if (!opened.has(raise.findingId)) joinedAnew += Number((await raiseAlert(deps, raise)).opened);
  }
  return opened.size + joinedAnew;
}

/** The same for one finding. Returns the alert, and whether it is a new one. */
export function raiseAlert({ pool, clock }: AlertDeps, raise: Raise): Promise<{ alertId: number; opened: boolean }> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    const alertId = (await openAlerts(tx, [raise], at)).get(raise.householdId);
    if (alertId !== undefined) return { alertId, opened: true };
    return { alertId: await join(tx, raise, at), opened: false };
  });
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
    if (alert.recoveredAt) await tellOfRelapse(tx, { ...joined, alertId: alert.id }, at);
    if (joined.severity !== alert.severity) await askAgain(tx, alert, joined, raise, at);
  }
  return alert.id;
}

/** Whoever was asked knows of less than this: they are asked again. What is graver becomes the reason that texts and pages give. */
async function askAgain(tx: Tx, before: StoredAlert, joined: Alert, raise: Raise, at: Date): Promise<void> {
  const { id: alertId, severity: from } = before;
  await giveReason(tx, alertId, raise);
  await recordAlertEvent(tx, { alertId, at, type: 'severity_raised', detail: { from, to: joined.severity } });
  const { policy, step } = joined;
  const channels = channelsWithText(policy, step);
  await oweToEverybodyAsked(tx, { alertId, intent: 'check_again', step, channels }, at);
}
