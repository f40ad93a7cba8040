import { hastenEscalation } from '../alerts/hasten-escalation.ts';
import { type StoredDelivery, updateDelivery } from '../db/deliveries.ts';
import { markTextFailed, markTextsSent, textsSpokenFor } from '../db/outbox-facts.ts';
import { closeRosterDefects, openRosterDefect } from '../db/reachability.ts';
import type { Tx } from '../db/sql.ts';
import { afterReceipt, isFailure, type ReceiptStatus } from '../domain/notification/delivery-status.ts';
import { type FailureCause, isAboutNumber } from '../domain/notification/failure-cause.ts';
import { recordTextEvent } from './text-event.ts';

/** What a gateway said of a text, on taking it or later. */
export interface Word {
  readonly status: ReceiptStatus;
  readonly reference: string;
  readonly parts?: number | undefined;
  readonly cause?: FailureCause | undefined;
  readonly code?: string | undefined;
}

/**
 * Applies a gateway's word to a locked attempt, its text and the timeline. Words may come early, twice and in any
 * order: one that adds nothing changes nothing. A text that came to nothing makes the alert's next step due now.
 */
export async function followDelivery(tx: Tx, delivery: StoredDelivery, word: Word, at: Date): Promise<void> {
  const status = afterReceipt(delivery.status, word.status);
  const isNews = status !== delivery.status;
  if (isNews || delivery.reference === null) await updateDelivery(tx, delivery.id, { ...word, status, at });
  if (!isNews) return;
  if (isFailure(status)) await followFailure(tx, delivery, word, at);
  else await followProgress(tx, delivery, word, at);
}

async function followProgress(tx: Tx, delivery: StoredDelivery, { status, parts }: Word, at: Date): Promise<void> {
  const { gateway, outboxId } = delivery;
  const detail = { gateway, parts: parts ?? delivery.parts };
  await recordTextEvent(tx, 'text_sent', await markTextsSent(tx, [outboxId], at), at, detail);
  if (status !== 'delivered') return;
  // Who picks up a phone can be called: whether texts arrive there is not said by that.
  if (delivery.channel === 'sms') await closeRosterDefects(tx, delivery.personId, at);
  await recordTextEvent(tx, 'text_delivered', await textsSpokenFor(tx, outboxId), at, detail);
}

async function followFailure(tx: Tx, delivery: StoredDelivery, { cause, code }: Word, at: Date): Promise<void> {
  const { gateway, outboxId } = delivery;
  const failed = await markTextFailed(tx, outboxId, at);
  if (cause && isAboutNumber(cause)) await openRosterDefect(tx, { personId: delivery.personId, cause, code }, at);
  await recordTextEvent(tx, 'text_failed', failed, at, { gateway, cause, code });
  for (const { alertId } of failed) if (alertId !== null) await hastenEscalation(tx, { alertId, at });
}
