import { createHash, createHmac } from 'node:crypto';
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';

/** What becomes of a text. */
export type AliyunFate =
  | { readonly kind: 'deliver' }
  /** Taken, and then it does not arrive. */
  | { readonly kind: 'undelivered'; readonly code: string }
  /** Refused with one of Aliyun's codes. */
  | { readonly kind: 'reject'; readonly code: string; readonly httpStatus?: number }
  /** Taken and delivered, but the one who asked never hears of it. */
  | { readonly kind: 'hang' }
  /** Not taken, and never answered either. */
  | { readonly kind: 'swallow' };

export interface AliyunText {
  readonly phone: string;
  readonly signName: string;
  readonly template: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly outId: string;
  readonly bizId: string;
  readonly at: Date;
}

export interface AliyunNetworkOptions {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly signName: string;
  /** The templates that have been reviewed, each with the variables it fills in. */
  readonly templates: Readonly<Record<string, readonly string[]>>;
  readonly now: () => Date;
}

export interface AliyunNetwork {
  readonly url: string;
  readonly script: (phone: string, ...fates: AliyunFate[]) => void;
  readonly textsTo: (phone: string) => readonly AliyunText[];
  /** Pushes the receipts of all texts whose fate is known, as one array, to an address; returns the answer. */
  readonly pushReceipts: (url: string) => Promise<{ status: number; body: unknown }>;
  /** Pushes what somebody replied. */
  readonly pushReply: (url: string, phone: string, content: string) => Promise<{ status: number; body: unknown }>;
  readonly stop: () => Promise<void>;
}

const sendSms = z.object({
  PhoneNumbers: z.string().regex(/^1\d{10}$/),
  SignName: z.string(),
  TemplateCode: z.string(),
  TemplateParam: z.string(),
  OutId: z.string().max(256),
});
const LONGEST_VARIABLE = 35;

/** A text that was taken, with its fate. */
interface Taken extends AliyunText {
  readonly fate: AliyunFate;
}

/** Aliyun's SMS service over HTTP, as its documents describe it: signed calls, reviewed templates, pushed receipts. */
export async function startAliyunNetwork(options: AliyunNetworkOptions): Promise<AliyunNetwork> {
  const texts: Taken[] = [];
  const scripts = new Map<string, AliyunFate[]>();
  let sequence = 0;
  const app = fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/', (request, reply) => {
    if (!isSigned(request, options)) return refuse(reply, 'SignatureDoesNotMatch', 400);
    const query = request.query as Record<string, string>;
    const isQuery = request.headers['x-acs-action'] === 'QuerySendDetails';
    return isQuery ? reply.send(details(texts, query)) : take(query, reply);
  });
  return {
    url: await app.listen({ host: '127.0.0.1', port: 0 }),
    script: (phone, ...fates) => scripts.set(phone, [...fates]),
    textsTo: (phone) => texts.filter((text) => text.phone === phone),
    pushReceipts: (url) => push(url, texts.map(reportOn)),
    pushReply: (url, phone, content) => {
      sequence += 1;
      const reply = { phone_number: phone, send_time: chinaTime(options.now()), content, sign_name: options.signName };
      return push(url, [{ ...reply, dest_code: '1069', sequence_id: sequence }]);
    },
    stop: () => app.close(),
  };

  function take(query: Record<string, string>, reply: FastifyReply): FastifyReply {
    const parsed = sendSms.safeParse(query);
    if (!parsed.success) return refuse(reply, 'isv.MOBILE_NUMBER_ILLEGAL', 200);
    const problem = problemWith(parsed.data, options);
    if (problem) return refuse(reply, problem, 200);
    const { PhoneNumbers: phone, SignName: signName, TemplateCode: template, OutId: outId } = parsed.data;
    const fate = nextOf(scripts, phone);
    if (fate.kind === 'swallow') return reply.hijack();
    if (fate.kind === 'reject') return refuse(reply, fate.code, fate.httpStatus ?? 200);
    sequence += 1;
    const variables = JSON.parse(parsed.data.TemplateParam) as Record<string, string>;
    const bizId = `90061919804${sequence}^0`;
    texts.push({ phone, signName, template, variables, outId, bizId, at: options.now(), fate });
    if (fate.kind === 'hang') return reply.hijack();
    return reply.send({ Code: 'OK', Message: 'OK', BizId: bizId, RequestId: `R-${sequence}` });
  }
}

function refuse(reply: FastifyReply, code: string, status: number): FastifyReply {
  return reply.code(status).send({ Code: code, Message: `refused with ${code}`, RequestId: 'R' });
}

function nextOf(scripts: ReadonlyMap<string, AliyunFate[]>, phone: string): AliyunFate {
  const script = scripts.get(phone) ?? [];
  const [fate = { kind: 'deliver' } as const] = script;
  if (script.length > 1) script.shift();
  return fate;
}

function details(texts: readonly Taken[], { PhoneNumber, SendDate }: Record<string, string>) {
  const found = texts.filter(({ phone, at }) => phone === PhoneNumber && chinaTime(at).startsWith(dashed(SendDate)));
  const SmsSendDetailDTO = found.map(({ phone, outId, template, at, fate }) => ({
    PhoneNum: phone,
    OutId: outId,
    TemplateCode: template,
    SendDate: chinaTime(at),
    SendStatus: fate.kind === 'undelivered' ? 2 : 3,
    ErrCode: fate.kind === 'undelivered' ? fate.code : 'DELIVERED',
  }));
  return { Code: 'OK', Message: 'OK', TotalCount: String(found.length), SmsSendDetailDTOs: { SmsSendDetailDTO } };
}

function reportOn({ phone, outId, bizId, at, fate }: Taken) {
  return {
    phone_number: phone,
    send_time: chinaTime(at),
    report_time: chinaTime(at),
    success: fate.kind !== 'undelivered',
    err_code: fate.kind === 'undelivered' ? fate.code : 'DELIVERED',
    err_msg: '',
    sms_size: '1',
    biz_id: bizId,
    out_id: outId,
  };
}

async function push(url: string, what: unknown): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(what) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** What a reviewer of templates would say. */
function problemWith(call: z.output<typeof sendSms>, options: AliyunNetworkOptions): string | undefined {
  if (call.SignName !== options.signName) return 'isv.SMS_SIGNATURE_ILLEGAL';
  const names = options.templates[call.TemplateCode];
  if (!names) return 'isv.SMS_TEMPLATE_ILLEGAL';
  const variables = JSON.parse(call.TemplateParam) as Record<string, string>;
  if (names.some((name) => variables[name] === undefined)) return 'isv.TEMPLATE_MISSING_PARAMETERS';
  if (Object.values(variables).some((text) => Array.from(text).length > LONGEST_VARIABLE))
    return 'isv.PARAM_LENGTH_LIMIT';
  if (Object.values(variables).some((text) => /https?:|\.(cn|com)/.test(text))) return 'isv.PARAM_NOT_SUPPORT_URL';
  return undefined;
}

/** Works out the signature anew from what came over the wire. */
function isSigned(request: FastifyRequest, { accessKeyId, accessKeySecret }: AliyunNetworkOptions): boolean {
  const pattern = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/;
  const [, credential, signedHeaders = '', signature] = pattern.exec(request.headers.authorization ?? '') ?? [];
  if (credential !== accessKeyId) return false;
  const [path = '', query = ''] = request.url.split('?');
  const body = typeof request.body === 'string' ? request.body : '';
  const hash = createHash('sha256').update(body).digest('hex');
  if (request.headers['x-acs-content-sha256'] !== hash) return false;
  const lines = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const sorted = query.split('&').sort().join('&');
  const canonical = `${request.method}\n${path}\n${sorted}\n${lines.join('')}\n${signedHeaders}\n${hash}`;
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  return createHmac('sha256', accessKeySecret).update(toSign).digest('hex') === signature;
}

function chinaTime(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

function dashed(day = ''): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;
}
