import { recordAlertEvent } from '../db/alert-events.ts';
import type { StoredAlert } from '../db/alerts.ts';
import { firstRoleOf } from '../db/outbox-people.ts';
import { type AlertIntent, oweText } from '../db/outbox.ts';
import type { Tx } from '../db/sql.ts';
import { lapsedClaims } from '../domain/alerting/claims.ts';

/** Whoever was on the way, and on whose account the next step had waited, is told that their time is up. */
export async function tellOfLapsedClaims(tx: Tx, alert: StoredAlert, step: number, at: Date): Promise<void> {
  for (const personId of lapsedClaims(alert, at)) {
    await recordAlertEvent(tx, { alertId: alert.id, at, type: 'claim_lapsed', personId });
    await tell(tx, { alertId: alert.id, personId, intent: 'claim_lapsed', step }, at);
  }
}

/** Whoever had put the alert off is asked again, beside those whose turn it is. */
export async function endSnooze(tx: Tx, { id, snoozedBy }: StoredAlert, step: number, at: Date): Promise<void> {
  if (snoozedBy === undefined) return;
  await recordAlertEvent(tx, { alertId: id, at, type: 'snooze_ended', personId: snoozedBy });
  await tell(tx, { alertId: id, personId: snoozedBy, intent: 'check_request', step }, at);
}

interface Telling {
  readonly alertId: number;
  readonly personId: number;
  readonly intent: AlertIntent;
  readonly step: number;
}

/** In the capacity in which they were asked first. Whoever was never asked had no page to answer on. */
async function tell(tx: Tx, telling: Telling, at: Date): Promise<void> {
  const role = await firstRoleOf(tx, telling.alertId, telling.personId);
  if (role !== undefined) await oweText(tx, { ...telling, role }, at);
}
