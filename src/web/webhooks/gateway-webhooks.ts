import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Secret } from '../../core/secret.ts';
import type { GatewayCallbacks } from '../../notify/gateway-callbacks.ts';
import type { Receipt } from '../../notify/record-receipt.ts';
import type { InboundReply } from '../../notify/record-reply.ts';

export interface GatewayWebhook extends GatewayCallbacks {
  readonly gateway: string;
  /** The part of the path that only the provider knows. */
  readonly secret: Secret;
  /** Network addresses that may call; empty: all that know the path. */
  readonly from: readonly string[];
}

export interface GatewayWebhooksOptions {
  readonly webhooks: readonly GatewayWebhook[];
  readonly recordReceipt: (receipt: Receipt) => Promise<unknown>;
  readonly recordReply: (reply: InboundReply) => Promise<unknown>;
}

const params = z.object({ gateway: z.string().max(40), secret: z.string().max(200) });
const BODY_LIMIT_BYTES = 256 * 1_024;

/**
 * Where providers that do not sign report: `POST /webhooks/<gateway>/<secret>/receipts` and `/replies`, in JSON.
 *
 * A wrong path or a caller that is not on the list gets 403 and changes nothing; what cannot be read 422. All that a
 * call brings is stored before it is answered; an error of ours makes the provider call again.
 */
export const gatewayWebhooks: FastifyPluginCallbackZod<GatewayWebhooksOptions> = (app, options, done) => {
  const { webhooks, recordReceipt, recordReply } = options;
  const find = ({ gateway, secret }: z.output<typeof params>, ip: string) =>
    webhooks.find(
      (one) =>
        one.gateway === gateway &&
        isSame(one.secret.reveal(), secret) &&
        (one.from.length === 0 || one.from.includes(ip)),
    );
  const take = <Item>(
    path: string,
    read: (webhook: GatewayWebhook, body: unknown) => readonly Item[] | 'unreadable' | undefined,
    record: (item: Item) => Promise<unknown>,
  ) => {
    app.post(
      `/webhooks/:gateway/:secret/${path}`,
      { bodyLimit: BODY_LIMIT_BYTES, schema: { params, body: z.unknown() } },
      async (request, reply) => {
        const webhook = find(request.params, request.ip);
        if (!webhook) {
          request.log.warn('a call on a gateway webhook with a wrong path or from elsewhere was refused');
          return reply.code(403).send();
        }
        const items = read(webhook, request.body);
        if (items === undefined) return reply.code(404).send();
        if (items === 'unreadable') {
          request.log.error({ gateway: webhook.gateway, path }, 'what a gateway reports could not be read');
          return reply.code(422).send();
        }
        for (const item of items) await record(item);
        return reply.type(webhook.answer.contentType).send(webhook.answer.body);
      },
    );
  };
  take('receipts', (webhook, body) => webhook.receipts?.(body), recordReceipt);
  take('replies', (webhook, body) => webhook.replies?.(body), recordReply);
  done();
};

function isSame(secret: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(secret), digest(given));
}
