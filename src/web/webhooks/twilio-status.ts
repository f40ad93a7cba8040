import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Receipt } from '../../notify/record-receipt.ts';

export interface TwilioStatusOptions {
  /** Checks a call's signature and reads it. */
  readonly read: (call: {
    readonly deliveryId: number | undefined;
    readonly signature: string;
    readonly form: Readonly<Record<string, string | readonly string[]>>;
  }) => Receipt | 'forged' | 'ignored';
  readonly record: (receipt: Receipt) => Promise<unknown>;
}

const querystring = z.object({ delivery: z.coerce.number().int().positive().optional() });
const body = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const headers = z.looseObject({ 'x-twilio-signature': z.string().default('') });
const BODY_LIMIT_BYTES = 16_384;

/**
 * Where Twilio reports what became of a text: `POST /webhooks/twilio/status`, a form.
 *
 * A forged call is refused with 403 and changes nothing. A genuine one is answered with 204 once it is stored, or when
 * there is nothing in it for us; an error of ours makes Twilio call again.
 */
export const twilioStatus: FastifyPluginCallbackZod<TwilioStatusOptions> = (app, { read, record }, done) => {
  app.post(
    '/webhooks/twilio/status',
    { bodyLimit: BODY_LIMIT_BYTES, schema: { querystring, body, headers } },
    async (request, reply) => {
      const signature = request.headers['x-twilio-signature'];
      const receipt = read({ deliveryId: request.query.delivery, signature, form: request.body });
      if (receipt === 'forged') {
        request.log.warn('a call on the Twilio webhook with a wrong signature was refused');
        return reply.code(403).send();
      }
      if (receipt !== 'ignored') await record(receipt);
      return reply.code(204).send();
    },
  );
  done();
};
