import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { InboundReply } from '../../notify/record-reply.ts';

export interface TwilioInboundOptions {
  /** Checks a call's signature and reads it. */
  readonly read: (call: {
    readonly signature: string;
    readonly form: Readonly<Record<string, string | readonly string[]>>;
  }) => InboundReply | 'forged' | 'ignored';
  readonly record: (reply: InboundReply) => Promise<unknown>;
}

const body = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const headers = z.looseObject({ 'x-twilio-signature': z.string().default('') });
const BODY_LIMIT_BYTES = 16_384;
/** Nothing is answered by text: a machine that talks back would be taken for somebody who reads. */
const NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** Where Twilio brings what people text back: `POST /webhooks/twilio/inbound`, a signed form. A forged call gets 403. */
export const twilioInbound: FastifyPluginCallbackZod<TwilioInboundOptions> = (app, { read, record }, done) => {
  app.post(
    '/webhooks/twilio/inbound',
    { bodyLimit: BODY_LIMIT_BYTES, schema: { body, headers } },
    async (request, reply) => {
      const signature = request.headers['x-twilio-signature'];
      const inbound = read({ signature, form: request.body });
      if (inbound === 'forged') {
        request.log.warn('a call on the Twilio webhook with a wrong signature was refused');
        return reply.code(403).send();
      }
      if (inbound !== 'ignored') await record(inbound);
      return reply.type('text/xml').send(NO_ANSWER);
    },
  );
  done();
};
