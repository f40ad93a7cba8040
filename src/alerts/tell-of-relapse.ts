import { oweRelapse, withholdRecovery } from '../db/outbox.ts';
import type { Tx } from '../db/sql.ts';

/**
 * The water is gone again: whoever was told that it was back is asked again. Who was going to be told knows of nothing
 * else than that it is gone, and hears nothing.
 */
export async function tellOfRelapse(
  tx: Tx,
  { alertId, step }: { readonly alertId: number; readonly step: number },
  at: Date,
): Promise<void> {
  await withholdRecovery(tx, alertId, at);
  await oweRelapse(tx, alertId, step, at);
}
