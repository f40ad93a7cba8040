import { lockDelivery } from '../db/deliveries.ts';
import { insertReceipt, lockReference, markReceiptsApplied } from '../db/receipts.ts';
import { inTransaction } from '../db/sql.ts';
import type { ReceiptStatus } from '../domain/notification/delivery-status.ts';
import type { FailureCause } from '../domain/notification/failure-cause.ts';
import type { NotifyDeps } from './dispatch-deps.ts';
import { followDelivery } from './follow-delivery.ts';

/** A gateway's word on a text, as its webhook brings it. */
export interface Receipt {
  readonly gateway: string;
  /** How the gateway calls the text. */
  readonly reference: string;
  readonly status: ReceiptStatus;
  readonly cause?: FailureCause | undefined;
  /** The gateway's own code of a failure. */
  readonly code?: string | undefined;
  /** Our number of the attempt, where the gateway hands it back: it ends the doubt about a send without an answer. */
  readonly deliveryId?: number | undefined;
}

/**
 * Keeps a receipt and applies it. One that comes before its text is known waits and is applied then; the same one
 * again changes nothing. `undelivered` is a failure: the alert's next step becomes due now.
 *
 * Returns whether it was applied, is waiting, or was known.
 */
export function recordReceipt({ pool, clock }: NotifyDeps, receipt: Receipt): Promise<'applied' | 'waiting' | 'known'> {
  const { gateway, reference, status, code: failureCode } = receipt;
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    await lockReference(tx, gateway, reference);
    const id = await insertReceipt(tx, { gateway, reference, status, failureCode }, at);
    if (id === undefined) return 'known';
    const delivery = await lockDelivery(tx, receipt);
    if (!delivery) return 'waiting';
    await followDelivery(tx, delivery, receipt, at);
    await markReceiptsApplied(tx, [id], at);
    return 'applied';
  });
}
