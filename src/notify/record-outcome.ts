import { markDeliveryUnknown } from '../db/deliveries.ts';
import { textsSpokenFor } from '../db/outbox-facts.ts';
import type { OwedText } from '../db/owed-texts.ts';
import { inTransaction } from '../db/sql.ts';
import { scopeOf } from '../domain/notification/failure-cause.ts';
import type { TextFate } from './dispatch-deps.ts';
import type { SendDeps } from './record-acceptances.ts';
import { failText } from './fail-text.ts';
import { postponeText } from './postpone-text.ts';
import type { SendOutcome } from './sms-gateway.ts';
import { recordTextEvent } from './text-event.ts';

/** Writes down what the gateway answered, with its consequence. Returns undefined when the lease was lost meanwhile. */
export async function recordOutcome(
  deps: SendDeps,
  text: OwedText,
  deliveryId: number,
  outcome: SendOutcome,
): Promise<TextFate | undefined> {
  switch (outcome.kind) {
    case 'accepted':
      await deps.recorder({ gateway: deps.gateway.name, deliveryId, ...outcome });
      return 'sent';
    case 'retry':
      return postponeText(deps, text, { ...outcome, deliveryId });
    case 'rejected':
      return scopeOf(outcome.cause) === 'account'
        ? postponeText(deps, text, { ...outcome, deliveryId, afterMs: 0 })
        : failText(deps, text, { ...outcome, deliveryId });
    case 'unknown':
      return leaveInDoubt(deps, text, deliveryId);
  }
}

/**
 * The text stays leased: when the lease has run out the gateway is asked, where it can be, and a receipt has had its
 * time. One may have come while the gateway kept us waiting: then there is no doubt left.
 */
function leaveInDoubt(
  { pool, clock, gateway }: SendDeps,
  text: OwedText,
  deliveryId: number,
): Promise<TextFate | undefined> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    if (!(await markDeliveryUnknown(tx, deliveryId, at))) return undefined;
    await recordTextEvent(tx, 'text_unknown', await textsSpokenFor(tx, text.id), at, { gateway: gateway.name });
    return 'unknown';
  });
}
