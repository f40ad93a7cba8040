import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Call, callFrom, callJson } from './call.ts';
import type { CallProgress } from './call-progress.ts';
import type { CallFate, Fates } from './fate.ts';
import { PHONE_NUMBER } from './phone-number.ts';
import { refuse } from './refuse.ts';
import { serveResource } from './serve-resource.ts';

export interface CallsApi {
  readonly accountSid: string;
  readonly now: () => Date;
  readonly calls: Call[];
  readonly fates: Fates<CallFate>;
  readonly progress: CallProgress;
  /** How many lists from now on are still without the latest calls. */
  readonly lag: { lists: number };
}

const events = z
  .union([z.string(), z.array(z.string())])
  .transform((each) => [each].flat())
  .pipe(z.array(z.enum(['initiated', 'ringing', 'answered', 'completed'])));
const form = z.object({
  To: z.string(),
  From: z.string().regex(PHONE_NUMBER),
  Twiml: z.string().min(1).max(4_000),
  StatusCallback: z.url().optional(),
  StatusCallbackEvent: events.optional(),
});

/** The part of Twilio's Calls resource that a maker of calls uses: create, fetch, list by recipient. */
export function serveCalls(app: FastifyInstance, api: CallsApi): void {
  const base = `/2010-04-01/Accounts/${api.accountSid}/Calls`;
  app.post(`${base}.json`, (request, reply) => {
    const parsed = form.safeParse(request.body);
    if (!parsed.success) return refuse(reply, 400, 21_201);
    if (!PHONE_NUMBER.test(parsed.data.To)) return refuse(reply, 400, 21_211);
    return meet(api, api.fates.next(parsed.data.To), callFrom(parsed.data, api.now()), reply);
  });
  serveResource(app, { ...api, name: 'calls', base, taken: api.calls, json: callJson });
}

/** Lets a call meet its fate. */
async function meet(api: CallsApi, fate: CallFate, call: Call, reply: FastifyReply): Promise<FastifyReply> {
  switch (fate.kind) {
    case 'answer':
    case 'no_answer':
    case 'busy':
    case 'failed':
    case 'canceled':
      await dial(api, call, fate);
      return reply.code(201).send(callJson(call, api.accountSid));
    case 'hang':
      await dial(api, call, { kind: 'answer', receipts: fate.receipts });
      return reply.hijack();
    case 'swallow':
      return reply.hijack();
    case 'reject':
      return refuse(reply, fate.httpStatus, fate.code);
    case 'overloaded':
      return refuse(reply, 429, 20_429);
    case 'broken':
      if (fate.isTaken) await dial(api, call, { kind: 'answer' });
      return refuse(reply, fate.httpStatus, 20_500);
  }
}

/** Takes a call and lets it run its course; waits for its end only where word of it is to come before the answer. */
async function dial(api: CallsApi, call: Call, fate: Parameters<CallProgress['start']>[1]): Promise<void> {
  api.calls.push(call);
  api.progress.start(call, fate);
  if (fate.receipts === 'before_answer') await api.progress.settled();
}
