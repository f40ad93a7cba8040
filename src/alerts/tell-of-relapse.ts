import { oweRelapse, withholdRecovery } from '../db/outbox.ts';
import type { Tx } from '../db/sql.ts';
import type { Alert } from '../domain/alerting/alert.ts';
import { channelsWithText } from '../domain/alerting/escalation-policy.ts';

/**
 * The water is gone again: whoever was told that it was back is asked again. Who was going to be told knows of nothing
 * else than that it is gone, and hears nothing. With a call where the step that the alert has reached calls.
 */
export async function tellOfRelapse(
  tx: Tx,
  { alertId, policy, step }: { readonly alertId: number } & Pick<Alert, 'policy' | 'step'>,
  at: Date,
): Promise<void> {
  await withholdRecovery(tx, alertId, at);
  await oweRelapse(tx, { alertId, step, channels: channelsWithText(policy, step) }, at);
}
