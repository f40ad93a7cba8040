import { lockDelivery } from '../db/deliveries.ts';
import { lockReference, markReceiptsApplied, waitingReceipts } from '../db/receipts.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import type { NotifyDeps } from './dispatch-deps.ts';
import { followDelivery } from './follow-delivery.ts';

export interface Adoption {
  readonly gateway: string;
  readonly deliveryId: number;
  readonly reference: string;
  readonly parts?: number;
}

/** Records that a gateway took a text and how it calls it, then applies the receipts that came before that was known. */
export function adoptReference({ pool, clock }: NotifyDeps, adoption: Adoption): Promise<void> {
  const { gateway, deliveryId, reference, parts } = adoption;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    await lockReference(tx, gateway, reference);
    const delivery = await lockDelivery(tx, { gateway, deliveryId });
    if (!delivery) throw new Error('an attempt that was begun is not on record');
    await followDelivery(tx, delivery, { status: 'accepted', reference, parts }, at);
    await applyWaitingReceipts(tx, gateway, reference, at);
  });
}

async function applyWaitingReceipts(tx: Tx, gateway: string, reference: string, at: Date): Promise<void> {
  const receipts = await waitingReceipts(tx, gateway, reference);
  if (receipts.length === 0) return;
  for (const { status, failureCode } of receipts) {
    const delivery = await lockDelivery(tx, { gateway, reference });
    if (delivery) await followDelivery(tx, delivery, { status, reference, code: failureCode ?? undefined }, at);
  }
  await markReceiptsApplied(
    tx,
    receipts.map(({ id }) => id),
    at,
  );
}
