import { markDeliveryUnknown, unclaimedReferences, updateDelivery } from '../db/deliveries.ts';
import { releaseBundle, settleText } from '../db/outbox-leases.ts';
import type { OwedText } from '../db/owed-texts.ts';
import { inTransaction } from '../db/sql.ts';
import { MAX_ATTEMPTS } from '../domain/notification/retry.ts';
import { asks } from './asks.ts';
import { adoptReferences } from './record-acceptances.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import { isMuted } from './plan-batch.ts';
import { recordTextEvent } from './text-event.ts';

export type OpenAttempt = NonNullable<OwedText['openAttempt']>;

/**
 * Finds out what became of an attempt that has no ending: its sender died, or the gateway did not answer in time.
 *
 * Found at the gateway, it was sent. Searched for in vain, it did not leave, and is sent once more: undefined. So is one
 * that asks somebody for help where the gateway cannot be asked: its receipt has had the time of the lease to come. What
 * only tells something, and what was sent once more already, stays unknown and is never repeated.
 */
export async function settleOpenAttempt(
  deps: DispatchDeps,
  text: OwedText,
  attempt: OpenAttempt,
): Promise<TextFate | undefined> {
  const { pool } = deps;
  const gateway = [deps.gateway, ...(deps.fallbacks ?? [])].find(({ name }) => name === attempt.gateway);
  const isFirst = text.lostAttempts === 0;
  if (!gateway?.lookup) {
    return isFirst && asks(text.intent) && !isMuted(text)
      ? letGo(deps, text, attempt, 'fate_unknown')
      : giveUp(deps, text, attempt);
  }
  const query = { to: text.phone, since: attempt.startedAt, deliveryId: attempt.id };
  const references = await gateway.lookup(query);
  if (!references) return text.attempts >= MAX_ATTEMPTS ? giveUp(deps, text, attempt) : 'postponed';

  const [reference] = await unclaimedReferences(pool, gateway.name, references);
  if (reference !== undefined) {
    await adoptReferences(deps, [{ gateway: gateway.name, deliveryId: attempt.id, reference }]);
    return 'sent';
  }
  return isFirst ? letGo(deps, text, attempt, 'not_found_at_gateway') : giveUp(deps, text, attempt);
}

/** The attempt is given up and the text can be sent once more, flagged as one that may come twice. */
async function letGo(
  { pool, clock }: DispatchDeps,
  text: OwedText,
  attempt: OpenAttempt,
  cause: 'not_found_at_gateway' | 'fate_unknown',
): Promise<undefined> {
  await inTransaction(pool, async (tx) => {
    await updateDelivery(tx, attempt.id, { status: 'failed', at: clock.now(), cause });
    await releaseBundle(tx, text.id);
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
    await recordTextEvent(tx, 'text_unknown', text, at, { gateway });
    return 'unknown';
  });
}
