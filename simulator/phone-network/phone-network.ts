import { randomBytes, timingSafeEqual } from 'node:crypto';
import formbody from '@fastify/formbody';
import { fastify } from 'fastify';
import type { Call } from './call.ts';
import { callProgress } from './call-progress.ts';
import { serveCalls } from './calls-api.ts';
import { type CallFate, type Fate, Fates } from './fate.ts';
import type { Message } from './message.ts';
import { serveMessages } from './messages-api.ts';
import { postSigned } from './signature.ts';
import { callbackSender } from './status-callbacks.ts';

export interface PhoneNetworkOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** What time it is in the network. */
  readonly now: () => Date;
  /** Left out: a free one. */
  readonly port?: number;
  /** What happens to texts that no script speaks of: they arrive when left out. */
  readonly usually?: Fate;
}

export interface PhoneNetwork {
  /** Where the network serves Twilio's API. */
  readonly url: string;
  /** What happens to the texts to a phone: the next one meets the first fate, and so on; the last fate stays. */
  readonly script: (phone: string, ...fates: Fate[]) => void;
  /** The same for the calls to a phone; without a script somebody picks up and presses nothing. */
  readonly scriptCalls: (phone: string, ...fates: CallFate[]) => void;
  /** The calls the network has made to a phone, the oldest first. */
  readonly callsTo: (phone: string) => readonly Call[];
  /** The texts the network has taken for a phone, the oldest first. */
  readonly textsTo: (phone: string) => readonly Message[];
  readonly all: () => readonly Message[];
  /** The next so many lists are behind: they show no text and no call at all. */
  readonly lagBehind: (lists: number) => void;
  /** Somebody texts back: a signed call to the address. Returns the status of the answer. */
  readonly reply: (url: string, from: string, body: string) => Promise<number>;
  /** Waits until every call under way is over and every status callback has been answered. */
  readonly settled: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * A phone network with the front of Twilio: its Messages and its Calls API over HTTP and its signed callbacks, on the
 * machine itself. Texts arrive, and people pick up, unless a script says otherwise.
 */
export async function startPhoneNetwork(options: PhoneNetworkOptions): Promise<PhoneNetwork> {
  const { accountSid, authToken, now, port = 0, usually } = options;
  const messages: Message[] = [];
  const fates = new Fates<Fate>(usually ?? { kind: 'deliver' });
  const callbacks = callbackSender(authToken, accountSid);
  const calls: Call[] = [];
  const callFates = new Fates<CallFate>({ kind: 'answer' });
  const progress = callProgress(authToken, accountSid);
  const settled = async () => {
    await Promise.all([callbacks.settled(), progress.settled()]);
  };
  const lag = { lists: 0 };
  const app = fastify({ forceCloseConnections: true });
  await app.register(formbody);
  app.addHook('onRequest', async (request, reply) => {
    if (!mayEnter(request.headers.authorization, options)) {
      await reply.code(401).send({ code: 20_003, message: 'Authenticate', status: 401 });
    }
  });
  serveMessages(app, { accountSid, now, messages, fates, callbacks, lag });
  serveCalls(app, { accountSid, now, calls, fates: callFates, progress, lag });
  return {
    url: await app.listen({ host: '127.0.0.1', port }),
    script: (phone, ...script) => fates.script(phone, script),
    scriptCalls: (phone, ...script) => callFates.script(phone, script),
    callsTo: (phone) => calls.filter(({ to }) => to === phone),
    textsTo: (phone) => messages.filter(({ to }) => to === phone),
    all: () => [...messages],
    lagBehind: (lists) => {
      lag.lists = lists;
    },
    reply: (url, from, body) => sendReply(options, url, from, body),
    settled,
    stop: async () => {
      await settled();
      await app.close();
    },
  };
}

async function sendReply(
  { accountSid, authToken }: PhoneNetworkOptions,
  url: string,
  from: string,
  body: string,
): Promise<number> {
  const MessageSid = `SM${randomBytes(16).toString('hex')}`;
  const form = { AccountSid: accountSid, MessageSid, From: from, To: '+15005550006', Body: body, NumMedia: '0' };
  const answer = await postSigned(authToken, url, form);
  if (!answer) throw new Error(`${url} did not answer`);
  return answer.status;
}

function mayEnter(authorization: string | undefined, { accountSid, authToken }: PhoneNetworkOptions): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
  const given = Buffer.from(authorization ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
