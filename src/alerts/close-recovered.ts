import { saveAlert, type StoredAlert } from '../db/alerts.ts';
import type { Tx } from '../db/sql.ts';
import { transition } from '../domain/alerting/alert.ts';
import { tellOfTheEnd } from './tell-of-the-end.ts';

/**
 * Ends an alert whose water has been back for as long as its policy asks, where that is enough, and tells everybody who
 * was texted. Returns whether it did.
 */
export async function closeRecovered(tx: Tx, alert: StoredAlert, at: Date): Promise<boolean> {
  const next = transition(alert, { type: 'water_returned' }, at);
  if (!next) return false;
  await saveAlert(tx, alert.id, next);
  await tellOfTheEnd(tx, alert.id, next, at);
  return true;
}
