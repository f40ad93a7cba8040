import { recordAlertEvent } from '../db/alert-events.ts';
import { oweToEverybodyAsked } from '../db/outbox.ts';
import type { Tx } from '../db/sql.ts';
import type { Alert } from '../domain/alerting/alert.ts';

/** Notes on the timeline how an alert ended, and owes the text that says so to everybody who was told of it. */
export async function tellOfTheEnd(tx: Tx, alertId: number, alert: Alert, at: Date): Promise<void> {
  const detail = { outcome: alert.closeOutcome, cause: alert.closeCause };
  await recordAlertEvent(tx, { alertId, at, type: 'closed', detail });
  await oweToEverybodyAsked(tx, { alertId, intent: 'stand_down', step: alert.step }, at);
}
