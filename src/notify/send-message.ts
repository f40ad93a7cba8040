import { crashPoint } from '../core/crash-point.ts';
import { markNeverLeft } from '../db/deliveries.ts';
import { inTransaction } from '../db/sql.ts';
import type { BegunMessage, RefusedMessage } from './begin-messages.ts';
import type { DispatchDeps, TextFate } from './dispatch-deps.ts';
import { failText } from './fail-text.ts';
import type { SendDeps } from './record-acceptances.ts';
import { recordOutcome } from './record-outcome.ts';
import { validFor } from './valid-for.ts';
import { type Elsewhere, tryNextGateway } from './try-next-gateway.ts';
import { takeBack } from '../db/outbox-leases.ts';
import type { Leased, UnwantedText } from './take-batch.ts';

/** Hands over a message that is on record, and records what became of it; one whose time is up stays here. */
export async function sendMessage(deps: SendDeps, message: Leased<BegunMessage>): Promise<TextFate | undefined> {
  const { texts, deliveryId, content, leaseUntil } = message;
  const [text] = texts;
  crashPoint('before_send');
  if (deps.clock.now() >= leaseUntil) return keepBack(deps, message);
  const validForS = validFor(text);
  const outcome = await deps.gateway.send({ ...content, to: text.phone, deliveryId, validForS });
  crashPoint('after_send');
  const elsewhere = await tryNextGateway(deps, message, outcome);
  if (elsewhere.length === 0) return recordOutcome(deps, text, deliveryId, outcome);
  const [fate] = await Promise.all(elsewhere.map((again) => sendElsewhere(deps, again)));
  return fate;
}

function sendElsewhere(deps: SendDeps, again: Elsewhere): Promise<TextFate | undefined> {
  const through = { ...deps, ...again.through };
  return again.kind === 'message' ? sendMessage(through, again) : refuseMessage(through, again);
}

/** We slept past our lease: the text did not leave and is due again, unless somebody else has it by now. */
async function keepBack({ pool, clock }: SendDeps, { texts, deliveryId }: BegunMessage): Promise<undefined> {
  await inTransaction(pool, async (tx) => {
    const at = clock.now();
    if (await markNeverLeft(tx, deliveryId, 'woke_too_late', at)) await takeBack(tx, texts[0], at);
  });
}

/** A message that the route would refuse, or that its reader does not want, fails here: the next person is asked. */
export function refuseMessage(
  deps: DispatchDeps,
  work: Leased<RefusedMessage | UnwantedText>,
): Promise<TextFate | undefined> {
  const [text] = work.texts;
  if (work.kind === 'unwanted') return failText(deps, text, { cause: 'opted_out' });
  const { cause, detail } = work.refusal;
  deps.log.error({ intent: text.intent, gateway: deps.gateway.name, detail }, 'a text does not fit its route');
  return failText(deps, text, { cause });
}
