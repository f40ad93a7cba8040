import { fastify } from 'fastify';
import { z } from 'zod';

/** What becomes of a text. */
export type HttpFate =
  | { readonly kind: 'deliver' }
  | { readonly kind: 'undelivered'; readonly code: string }
  /** Answered with a code of the provider's own. */
  | { readonly kind: 'reject'; readonly code: number }
  /** Answered with a status and nothing to read. */
  | { readonly kind: 'status'; readonly httpStatus: number; readonly isTaken?: boolean }
  /** Taken and delivered, but the one who asked never hears of it. */
  | { readonly kind: 'hang' };

export interface HttpText {
  readonly to: string;
  readonly text: string;
  readonly id: string;
  readonly fate: HttpFate;
}

export interface HttpNetwork {
  readonly url: string;
  readonly script: (phone: string, ...fates: HttpFate[]) => void;
  readonly textsTo: (phone: string) => readonly HttpText[];
  /** Pushes what became of every text, in one call, and returns the answer. */
  readonly pushReceipts: (url: string) => Promise<{ status: number; body: unknown }>;
  readonly pushReply: (url: string, phone: string, text: string) => Promise<{ status: number; body: unknown }>;
  readonly stop: () => Promise<void>;
}

const message = z.object({ to: z.string().regex(/^\+\d{7,15}$/), text: z.string().min(1), id: z.string() });

/** A provider as there are many: a token, JSON in, JSON out, receipts and replies pushed in arrays. */
export async function startHttpNetwork(token: string): Promise<HttpNetwork> {
  const texts: HttpText[] = [];
  const scripts = new Map<string, HttpFate[]>();
  let replies = 0;
  const app = fastify({ forceCloseConnections: true });
  app.post('/v2/messages', (request, reply) => {
    if (request.headers.authorization !== `Bearer ${token}`) return reply.code(401).send({ result: { code: 4010 } });
    const { to, text, id } = message.parse(request.body);
    const script = scripts.get(to) ?? [];
    const [fate = { kind: 'deliver' } as const] = script;
    if (script.length > 1) script.shift();
    const isTaken = fate.kind !== 'reject' && !(fate.kind === 'status' && fate.isTaken !== true);
    if (isTaken) texts.push({ to, text, id, fate });
    if (fate.kind === 'hang') return reply.hijack();
    if (fate.kind === 'status') return reply.code(fate.httpStatus).send('no JSON here');
    if (fate.kind === 'reject') return reply.send({ result: { code: fate.code } });
    return reply.send({ result: { code: 0, message: { id: `M-${id}` } } });
  });
  const push = async (url: string, what: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(what) });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
  };
  return {
    url: await app.listen({ host: '127.0.0.1', port: 0 }),
    script: (phone, ...fates) => scripts.set(phone, [...fates]),
    textsTo: (phone) => texts.filter(({ to }) => to === phone),
    pushReceipts: (url) => {
      const reports = texts.map(({ id, fate }) => ({
        msgid: `M-${id}`,
        state: fate.kind === 'undelivered' ? 'UNDELIV' : 'DELIVRD',
        error: fate.kind === 'undelivered' ? fate.code : '000',
      }));
      return push(url, { reports });
    },
    pushReply: (url, phone, text) => {
      replies += 1;
      return push(url, [{ mobile: phone.replace('+', ''), content: text, seq: replies }]);
    },
    stop: () => app.close(),
  };
}
