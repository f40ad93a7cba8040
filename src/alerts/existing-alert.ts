import { AppError } from '../core/errors.ts';
import { lockAlert, type StoredAlert } from '../db/alerts.ts';
import type { Tx } from '../db/sql.ts';

/**
 * The alert, locked until the transaction ends.
 *
 * @throws AppError `alert_not_found`
 */
export async function existingAlert(tx: Tx, alertId: number): Promise<StoredAlert> {
  const alert = await lockAlert(tx, alertId);
  if (!alert) throw new AppError('alert_not_found', `alert ${alertId} does not exist`);
  return alert;
}

/** What an alert answers to something that its state does not allow. Nothing is written then. */
export function refusal(alert: StoredAlert, what: string): AppError {
  const { id, state, severity } = alert;
  return new AppError('alert_transition_refused', `alert ${id} (${state}, ${severity}) ${what}`);
}
