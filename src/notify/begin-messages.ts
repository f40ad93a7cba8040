import { insertCheckCode } from '../db/check-codes.ts';
import { insertDailyWordLink } from '../db/daily-words.ts';
import { beginDeliveries } from '../db/deliveries.ts';
import { bundleTexts } from '../db/outbox-holds.ts';
import type { Tx } from '../db/sql.ts';
import { insertVerificationLinks } from '../db/verification-links.ts';
import type { Texts } from './bundle-texts.ts';
import { type ComposedMessage, composeMessage } from './compose-message.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { DAY_MS } from '../domain/time.ts';
import type { Rendering, TextContent } from './sms-gateway.ts';

/** Whoever looks for the way to stop daily texts has one of the last month. */
const STOP_LINKS_KEPT_MS = 31 * DAY_MS;

/** A message that is on record as being handed over. */
export interface BegunMessage {
  readonly kind: 'message';
  readonly texts: Texts;
  readonly deliveryId: number;
  readonly content: TextContent;
}

/** A message that the route would refuse: it does not leave. */
export interface RefusedMessage {
  readonly kind: 'refused';
  readonly texts: Texts;
  readonly refusal: Extract<Rendering, { kind: 'refused' }>;
}

/**
 * Writes messages and puts each attempt on record, with the links in it, before the gateway hears of any: a crash in
 * between leaves a trace. Messages whose lease is lost are left out.
 */
export async function beginMessages(
  tx: Tx,
  deps: DispatchDeps,
  messages: readonly Texts[],
  at: Date,
): Promise<(BegunMessage | RefusedMessage)[]> {
  const { gateway } = deps;
  const composed = messages.flatMap((texts) => composeForRoute(texts, deps));
  const attempts = composed.flatMap(({ texts: [{ id, fence, lostAttempts }], rendering }) =>
    rendering.kind === 'refused' ? [] : [{ id, fence, parts: rendering.parts, maybeDuplicate: lostAttempts > 0 }],
  );
  const begun = await beginDeliveries(tx, attempts, { gateway: gateway.name, at });
  const leaving = composed.filter(({ texts: [{ id }] }) => begun.has(id));
  await insertVerificationLinks(
    tx,
    leaving.flatMap(({ links }) => links),
    at,
  );
  const keptSince = new Date(at.getTime() - STOP_LINKS_KEPT_MS);
  for (const { texts, codes, stopLinks } of leaving) {
    for (const code of codes) await insertCheckCode(tx, code, at);
    for (const link of stopLinks) await insertDailyWordLink(tx, link, { at, keptSince });
    const [speaker, ...others] = texts;
    await bundleTexts(
      tx,
      speaker.id,
      others.map(({ id }) => id),
    );
  }
  return composed.flatMap(({ texts, content, rendering }): (BegunMessage | RefusedMessage)[] => {
    if (rendering.kind === 'refused') return [{ kind: 'refused', texts, refusal: rendering }];
    const deliveryId = begun.get(texts[0].id);
    return deliveryId === undefined ? [] : [{ kind: 'message', texts, deliveryId, content }];
  });
}

/** Homes whose names are too long for one message of this route each get their own: nothing is dropped for that. */
function composeForRoute(
  texts: Texts,
  deps: DispatchDeps,
): (ComposedMessage & { texts: Texts; rendering: Rendering })[] {
  const message = composeMessage(texts, deps);
  const rendering = deps.gateway.render(message.content);
  if (rendering.kind !== 'refused' || texts.length === 1) return [{ texts, ...message, rendering }];
  return texts.flatMap((text) => composeForRoute([text], deps));
}
