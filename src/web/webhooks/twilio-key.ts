import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { KeyPress } from '../../notify/record-key-press.ts';

export interface TwilioKeyOptions {
  /** Checks a call's signature and reads it. */
  readonly read: (call: {
    readonly deliveryId: number;
    readonly signature: string;
    readonly form: Readonly<Record<string, string | readonly string[]>>;
  }) => KeyPress | 'forged' | 'ignored';
  /** Records a key and yields what the call says to it, in TwiML. */
  readonly record: (press: KeyPress) => Promise<string>;
}

const querystring = z.object({ delivery: z.coerce.number().int().positive() });
const body = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const headers = z.looseObject({ 'x-twilio-signature': z.string().default('') });
const BODY_LIMIT_BYTES = 16_384;
const HANG_UP = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/**
 * Where Twilio brings the key that somebody pressed in a call: `POST /webhooks/twilio/key`, a signed form. A forged call
 * gets 403 and changes nothing.
 */
export const twilioKey: FastifyPluginCallbackZod<TwilioKeyOptions> = (app, { read, record }, done) => {
  app.post(
    '/webhooks/twilio/key',
    { bodyLimit: BODY_LIMIT_BYTES, schema: { querystring, body, headers } },
    async (request, reply) => {
      const signature = request.headers['x-twilio-signature'];
      const press = read({ deliveryId: request.query.delivery, signature, form: request.body });
      if (press === 'forged') {
        request.log.warn('a call on the Twilio webhook with a wrong signature was refused');
        return reply.code(403).send();
      }
      return reply.type('text/xml').send(press === 'ignored' ? HANG_UP : await record(press));
    },
  );
  done();
};
