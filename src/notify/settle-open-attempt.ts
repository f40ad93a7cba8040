import { markDeliveryUnknown, unclaimedReferences, updateDelivery } from '../db/deliveries.ts';
import { releaseBundle, settleText } from '../db/outbox-leases.ts';
import type { OwedText } from '../db/owed-texts.ts';
import { inTransaction } from '../db/sql.ts';
import { MAX_ATTEMPTS } from '../domain/notification/retry.ts';
import { adoptReferences } from './record-acceptances.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import { recordTextEvent } from './text-event.ts';

export type OpenAttempt = NonNullable<OwedText['openAttempt']>;

/**
 * Finds out what became of an attempt that has no ending: its sender died, or the gateway did not answer in time.
 *
 * Found at the gateway, it was sent. Searched for in vain, it did not leave, and is sent once more: undefined. Where
 * the gateway cannot be asked, or the search was in vain a second time, it stays unknown and is never repeated.
 */
export async function settleOpenAttempt(
  deps: DispatchDeps,
  text: OwedText,
  attempt: OpenAttempt,
): Promise<TextFate | undefined> {
  const { pool, clock } = deps;
  const gateway = [deps.gateway, ...(deps.fallbacks ?? [])].find(({ name }) => name === attempt.gateway);
  if (!gateway?.lookup) return giveUp(deps, text, attempt);
  const query = { to: text.phone, since: attempt.startedAt, deliveryId: attempt.id };
  const references = await gateway.lookup(query);
  if (!references) return text.attempts >= MAX_ATTEMPTS ? giveUp(deps, text, attempt) : 'postponed';

  const [reference] = await unclaimedReferences(pool, gateway.name, references);
  if (reference !== undefined) {
    await adoptReferences(deps, [{ gateway: gateway.name, deliveryId: attempt.id, reference }]);
    return 'sent';
  }
  if (text.lostAttempts > 0) return giveUp(deps, text, attempt);
  await inTransaction(pool, async (tx) => {
    await updateDelivery(tx, attempt.id, { status: 'failed', at: clock.now(), cause: 'not_found_at_gateway' });
    await releaseBundle(tx, text.id);
  });
  return undefined;
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
