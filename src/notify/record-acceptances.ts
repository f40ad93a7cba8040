import { type Acceptance, lockDelivery, markDeliveriesAccepted } from '../db/deliveries.ts';
import { markTextsSent } from '../db/outbox-facts.ts';
import { lockReferences, markReceiptsApplied, referencesWithWaitingReceipts, waitingReceipts } from '../db/receipts.ts';
import { closeGatewayFault } from '../db/reachability.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { inGroups } from './in-groups.ts';
import type { DispatchDeps, NotifyDeps } from './dispatch-deps.ts';
import { followDelivery } from './follow-delivery.ts';
import { recordTextEvents } from './text-event.ts';

/** A text that a gateway took, with how it calls it. */
export interface Adoption extends Acceptance {
  readonly gateway: string;
}

/** Writes down that a text was taken; resolves when that is committed. */
export type AcceptanceRecorder = (adoption: Adoption) => Promise<void>;

/** What handing texts over needs. */
export interface SendDeps extends DispatchDeps {
  readonly recorder: AcceptanceRecorder;
}

/**
 * A recorder that writes down together what comes in while it writes: many texts share a commit, and none waits for a
 * batch to fill.
 */
export function acceptanceRecorder(deps: NotifyDeps): AcceptanceRecorder {
  return inGroups((adoptions: readonly Adoption[]) => adoptReferences(deps, adoptions));
}

/**
 * Records that a gateway took texts and how it calls them, then applies the receipts that came before that was known.
 */
export async function adoptReferences({ pool, clock }: NotifyDeps, adoptions: readonly Adoption[]): Promise<void> {
  for (const gateway of new Set(adoptions.map((adoption) => adoption.gateway))) {
    const taken = adoptions.filter((adoption) => adoption.gateway === gateway);
    await inTransaction(pool, (tx) => adopt(tx, gateway, taken, clock.now()));
  }
}

async function adopt(tx: Tx, gateway: string, taken: readonly Adoption[], at: Date): Promise<void> {
  const references = taken.map(({ reference }) => reference);
  await lockReferences(tx, gateway, references);
  const accepted = await markDeliveriesAccepted(tx, taken, at);
  const partsOf = new Map(accepted.map(({ outboxId, parts }) => [outboxId, parts]));
  const sent = await markTextsSent(tx, [...partsOf.keys()], at);
  await recordTextEvents(
    tx,
    'text_sent',
    sent.map((text) => ({ text, detail: { gateway, parts: partsOf.get(text.speaker) } })),
    at,
  );
  await closeGatewayFault(tx, gateway, at);
  for (const reference of await referencesWithWaitingReceipts(tx, gateway, references)) {
    await applyWaitingReceipts(tx, gateway, reference, at);
  }
}

async function applyWaitingReceipts(tx: Tx, gateway: string, reference: string, at: Date): Promise<void> {
  const receipts = await waitingReceipts(tx, gateway, reference);
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
