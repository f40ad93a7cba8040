import { lockDelivery, markDeliveryUnknown, unclaimedReferences, updateDelivery } from '../db/deliveries.ts';
import { textsSpokenFor } from '../db/outbox-facts.ts';
import { releaseLost, settleText } from '../db/outbox-leases.ts';
import type { OpenAttempt, OwedText } from '../db/owed-texts.ts';
import { inTransaction } from '../db/sql.ts';
import { MAX_ATTEMPTS } from '../domain/notification/retry.ts';
import { asks } from './asks.ts';
import { adoptReferences } from './record-acceptances.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import type { DoubtfulText } from './plan-batch.ts';
import { everyGateway } from './route-calls.ts';
import { recordTextEvent } from './text-event.ts';

/**
 * Finds out what became of an attempt that has no ending: its sender died, or the gateway did not answer in time.
 *
 * Found at the gateway, it was sent. Searched for in vain, it did not leave, and is due once more. So is one that asks
 * somebody for help where the gateway cannot be asked: its receipt has had the time of the lease to come. What only
 * tells something, and what was lost once before, stays unknown and is never repeated.
 *
 * Returns undefined when the lease was lost.
 */
export async function settleOpenAttempt(
  deps: DispatchDeps,
  { texts: [text], openAttempt: attempt }: DoubtfulText,
): Promise<TextFate | undefined> {
  const gateway = everyGateway(deps).find(({ name }) => name === attempt.gateway);
  const isFirst = text.lostAttempts === 0;
  if (!gateway?.lookup) {
    return isFirst && asks(text.intent) ? letGo(deps, text, attempt, 'fate_unknown') : giveUp(deps, text, attempt);
  }
  const query = { to: text.phone, since: attempt.startedAt, deliveryId: attempt.id };
  const references = await gateway.lookup(query);
  if (!references) return text.attempts >= MAX_ATTEMPTS ? giveUp(deps, text, attempt) : 'postponed';

  const [reference] = await unclaimedReferences(deps.pool, gateway.name, references);
  if (reference !== undefined) {
    await adoptReferences(deps, [{ gateway: gateway.name, deliveryId: attempt.id, reference }]);
    return 'sent';
  }
  return isFirst ? letGo(deps, text, attempt, 'not_found_at_gateway') : giveUp(deps, text, attempt);
}

/**
 * The attempt is given up, unless a receipt has told of it meanwhile. The text is due again, flagged as one that may come
 * twice, and so is each that it spoke for: the next batch decides of each whether it is still needed.
 */
function letGo(
  { pool, clock }: DispatchDeps,
  text: OwedText,
  { id, gateway }: OpenAttempt,
  cause: 'not_found_at_gateway' | 'fate_unknown',
): Promise<TextFate | undefined> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    // In the order of a receipt, which takes the attempt first and then the text: neither waits for the other for ever.
    await lockDelivery(tx, { gateway, deliveryId: id });
    if (!(await releaseLost(tx, text, at))) return undefined;
    await updateDelivery(tx, id, { status: 'failed', at, cause });
    return 'postponed';
  });
}

function giveUp(
  { pool, clock }: DispatchDeps,
  text: OwedText,
  { id, gateway }: OpenAttempt,
): Promise<TextFate | undefined> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    await markDeliveryUnknown(tx, id, at);
    if (!(await settleText(tx, text, 'unknown', at))) return undefined;
    await recordTextEvent(tx, 'text_unknown', await textsSpokenFor(tx, text.id), at, { gateway });
    return 'unknown';
  });
}
