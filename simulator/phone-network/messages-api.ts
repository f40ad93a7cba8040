import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Fate, Fates, Receipts } from './fate.ts';
import { type Message, messageFrom, messageJson } from './message.ts';
import { PHONE_NUMBER } from './phone-number.ts';
import { refuse } from './refuse.ts';
import { serveResource } from './serve-resource.ts';
import type { CallbackSender } from './status-callbacks.ts';

export interface MessagesApi {
  readonly accountSid: string;
  readonly now: () => Date;
  readonly messages: Message[];
  readonly fates: Fates;
  readonly callbacks: CallbackSender;
  /** How many lists from now on are still without the latest texts. */
  readonly lag: { lists: number };
}

const form = z
  .object({
    To: z.string(),
    Body: z.string().min(1).max(1_600),
    From: z.string().optional(),
    MessagingServiceSid: z.string().optional(),
    StatusCallback: z.url().optional(),
    ValidityPeriod: z.string().regex(/^\d+$/).optional(),
  })
  .refine(({ From, MessagingServiceSid }) => (From ?? MessagingServiceSid) !== undefined);

/** The part of Twilio's Messages resource that a sender of texts uses: create, fetch, list by recipient. */
export function serveMessages(app: FastifyInstance, api: MessagesApi): void {
  const base = `/2010-04-01/Accounts/${api.accountSid}/Messages`;
  app.post(`${base}.json`, (request, reply) => {
    const parsed = form.safeParse(request.body);
    if (!parsed.success) return refuse(reply, 400, 21_604);
    if (!PHONE_NUMBER.test(parsed.data.To)) return refuse(reply, 400, 21_211);
    return meet(api, api.fates.next(parsed.data.To), messageFrom(parsed.data, api.now()), reply);
  });
  serveResource(app, { ...api, name: 'messages', base, taken: api.messages, json: messageJson });
}

/** Lets a text meet its fate. */
async function meet(api: MessagesApi, fate: Fate, message: Message, reply: FastifyReply): Promise<FastifyReply> {
  switch (fate.kind) {
    case 'deliver':
      await take(api, message, ['queued', 'sent', 'delivered'], fate.receipts);
      return reply.code(201).send(messageJson(message, api.accountSid));
    case 'undelivered':
      await take(api, message, ['queued', 'sent', 'undelivered'], fate.receipts, fate.code);
      return reply.code(201).send(messageJson(message, api.accountSid));
    case 'hang':
      await take(api, message, ['queued', 'sent', 'delivered']);
      return reply.hijack();
    case 'swallow':
      return reply.hijack();
    case 'reject':
      return refuse(reply, fate.httpStatus, fate.code);
    case 'overloaded':
      return refuse(reply, 429, 20_429);
    case 'broken':
      if (fate.isTaken) await take(api, message, ['queued', 'sent', 'delivered']);
      return refuse(reply, fate.httpStatus, 20_500);
  }
}

/** Takes a text and reports on it; waits for the reports only where they are to come before the answer. */
async function take(
  api: MessagesApi,
  message: Message,
  states: readonly Message['status'][],
  receipts: Receipts = 'usual',
  errorCode?: number,
): Promise<void> {
  api.messages.push(message);
  const last = states.at(-1);
  if (receipts === 'never') {
    message.status = last ?? message.status;
    message.errorCode = last === 'undelivered' ? errorCode : undefined;
    return;
  }
  api.callbacks.report(message, reportsOf(states, receipts), errorCode);
  if (receipts === 'before_answer') await api.callbacks.settled();
}

/** What is reported, in which order, of a text that goes through these states. */
function reportsOf(states: readonly Message['status'][], receipts: Receipts): readonly Message['status'][] {
  const last = states.slice(-1);
  switch (receipts) {
    case 'reversed':
      return states.toReversed();
    case 'twice':
      return states.flatMap((state) => [state, state]);
    case 'per_part':
      return [...states.slice(0, -1), 'delivered', ...last, 'delivered'];
    case 'usual':
    case 'before_answer':
      return states;
    case 'never':
      return [];
  }
}
