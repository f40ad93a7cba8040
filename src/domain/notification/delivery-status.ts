/** What is known of one attempt to send a text. `accepted` is the gateway's word, `sent` the carrier's, `delivered` the phone's. */
export const DELIVERY_STATUSES = [
  'started',
  'unknown',
  'accepted',
  'sent',
  'delivered',
  'undelivered',
  'failed',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What a receipt can say. */
export type ReceiptStatus = Extract<DeliveryStatus, 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed'>;

const RANK: Readonly<Record<DeliveryStatus, number>> = {
  started: 0,
  unknown: 1,
  accepted: 2,
  sent: 3,
  delivered: 4,
  undelivered: 5,
  failed: 5,
};

/**
 * The status after a receipt. Receipts come early, twice and in any order, so the status only climbs; a failure is
 * never overwritten, because one failed part fails the text.
 */
export function afterReceipt(status: DeliveryStatus, receipt: ReceiptStatus): DeliveryStatus {
  return RANK[receipt] > RANK[status] ? receipt : status;
}

export function isFailure(status: DeliveryStatus): boolean {
  return status === 'undelivered' || status === 'failed';
}
