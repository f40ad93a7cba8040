import formbody from '@fastify/formbody';
import { fastify, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, beforeAll } from 'vitest';
import type { TwilioAccount } from '../../src/config/sms-config.ts';
import { twilioReaders } from '../../src/notify/channels/twilio-receipts.ts';
import { thanksTwiml } from '../../src/notify/channels/twilio-twiml.ts';
import type { NotifyDeps } from '../../src/notify/dispatch-deps.ts';
import { recordKeyPress } from '../../src/notify/record-key-press.ts';
import { recordReceipt } from '../../src/notify/record-receipt.ts';
import { recordReply } from '../../src/notify/record-reply.ts';
import { twilioInbound } from '../../src/web/webhooks/twilio-inbound.ts';
import { twilioKey } from '../../src/web/webhooks/twilio-key.ts';
import { twilioStatus } from '../../src/web/webhooks/twilio-status.ts';

/** The webhooks of one account, as the service has them, of this test file's own. Read it inside tests and hooks. */
export function useTwilioWebhooks(
  deps: () => NotifyDeps,
  account: TwilioAccount,
): { readonly app: FastifyInstance; readonly publicBaseUrl: string } {
  const app = fastify();
  let publicBaseUrl = '';
  beforeAll(async () => {
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    await app.register(formbody);
    const readers = () => twilioReaders(account, publicBaseUrl);
    await app.register(twilioStatus, {
      read: (call) => readers().status(call),
      record: (receipt) => recordReceipt(deps(), receipt),
    });
    await app.register(twilioInbound, {
      read: (call) => readers().inbound(call),
      record: (reply) => recordReply(deps(), reply),
    });
    await app.register(twilioKey, {
      read: (call) => readers().key(call),
      record: async (press) => thanksTwiml((await recordKeyPress(deps(), press)).language),
    });
    publicBaseUrl = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => app.close());
  return {
    app,
    get publicBaseUrl() {
      return publicBaseUrl;
    },
  };
}
