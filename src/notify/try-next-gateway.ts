import { updateDelivery } from '../db/deliveries.ts';
import { textsSpokenFor } from '../db/outbox-facts.ts';
import { unbundle } from '../db/outbox-leases.ts';
import { inTransaction } from '../db/sql.ts';
import { passesToNextGateway, scopeOf } from '../domain/notification/failure-cause.ts';
import { beginMessages, type BegunMessage, type RefusedMessage } from './begin-messages.ts';
import type { DispatchDeps, Through } from './dispatch-deps.ts';
import { reportGatewayFault } from './report-gateway-fault.ts';
import type { SendOutcome } from './sms-gateway.ts';
import type { Leased } from './take-batch.ts';
import { recordTextEvent } from './text-event.ts';

/** The message once more, on record as handed to the next gateway, which the sender is to use. */
export type Elsewhere = Leased<BegunMessage | RefusedMessage> & {
  readonly through: Through;
};

/**
 * Takes a message that this gateway surely did not take to the next one, for causes that are not the reader's: as several
 * where it does not fit there. A send of unknown fate goes nowhere else. Yields nothing where this gateway's word is the
 * last.
 */
export async function tryNextGateway(
  deps: DispatchDeps,
  { texts, deliveryId, leaseUntil }: Leased<BegunMessage>,
  outcome: SendOutcome,
): Promise<Elsewhere[]> {
  if (outcome.kind !== 'rejected' && outcome.kind !== 'retry') return [];
  const { cause, code } = outcome;
  const refusal = { gateway: deps.gateway.name, cause, code };
  if (scopeOf(cause) === 'account') await reportGatewayFault(deps, refusal);
  const [next, ...others] = deps.fallbacks ?? [];
  if (!next || !passesToNextGateway(cause)) return [];
  const through = { gateway: next, fallbacks: others };
  return inTransaction(deps.pool, async (tx) => {
    const at = deps.clock.now();
    await updateDelivery(tx, deliveryId, { status: 'failed', at, cause, code });
    await recordTextEvent(tx, 'text_rerouted', await textsSpokenFor(tx, texts[0].id), at, refusal);
    if (texts.length > 1) await unbundle(tx, texts[0].id);
    const begun = await beginMessages(tx, { ...deps, ...through }, [texts], at);
    return begun.map((message) => ({ ...message, leaseUntil, through }));
  });
}
