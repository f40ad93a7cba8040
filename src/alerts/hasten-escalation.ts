import { recordAlertEvent } from '../db/alert-events.ts';
import { bringNextStepForward } from '../db/alerts.ts';
import type { Db } from '../db/sql.ts';

/** Somebody can never be reached by text: the next person is asked now and not when their time would be up. */
export async function hastenEscalation(db: Db, { alertId, at }: { alertId: number; at: Date }): Promise<void> {
  const moved = await bringNextStepForward(db, alertId, at);
  if (moved > 0) await recordAlertEvent(db, { alertId, at, type: 'hastened' });
}
