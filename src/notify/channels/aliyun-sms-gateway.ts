import { z } from 'zod';
import type { AliyunConfig } from '../../config/sms-config.ts';
import type { Clock } from '../../core/clock.ts';
import { scopeOf } from '../../domain/notification/failure-cause.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { LookupQuery, SendOutcome, SmsCapabilities, SmsGateway, SmsText, ToldFate } from '../sms-gateway.ts';
import { causeOfAliyunCode } from './aliyun-error-codes.ts';
import { aliyunReference } from './aliyun-callbacks.ts';
import { signAliyunCall } from './aliyun-signature.ts';
import { answerInTime, type HttpAnswer, jsonOf } from './answer-in-time.ts';
import { renderTemplate } from './render-template.ts';

export interface AliyunSmsGatewayOptions {
  readonly config: AliyunConfig;
  readonly clock: Clock;
  /** How long to wait for an answer in milliseconds. */
  readonly timeoutMs?: number;
}

const VERSION = '2017-05-25';
const TIMEOUT_MS = 10_000;
/** Numbers are limited to about three texts a minute. */
const AFTER_LIMIT_MS = 30 * SECOND_MS;
const LONGEST_VARIABLE = 35;
const CAPABILITIES: SmsCapabilities = {
  freeText: false,
  url: 'fixed',
  inbound: true,
  receipts: 'push',
  lookup: true,
  validity: false,
  longestVariable: LONGEST_VARIABLE,
};

const sendAnswer = z.object({ Code: z.string() });
const detail = z.object({
  OutId: z.string().optional(),
  /** 1 under way, 2 failed, 3 arrived. */
  SendStatus: z.number().optional(),
  ErrCode: z.string().optional(),
});
type Detail = z.output<typeof detail>;
const detailsAnswer = z.object({
  Code: z.literal('OK'),
  SmsSendDetailDTOs: z.object({ SmsSendDetailDTO: z.array(detail) }),
});

/**
 * Texts through Aliyun's SMS service: templates that were reviewed, filled in. What we call a text (`OutId`) comes back
 * with its receipts and in its list, so it is the text's reference too.
 */
export function aliyunSmsGateway(options: AliyunSmsGatewayOptions): SmsGateway {
  const { templates } = options.config;
  const render: SmsGateway['render'] = (content) =>
    renderTemplate(content, { templates, longestVariable: LONGEST_VARIABLE });
  return {
    name: 'aliyun',
    channel: 'sms',
    capabilities: CAPABILITIES,
    render,
    send: (text) => send(options, render, text),
    lookup: (query) => find(options, query),
    fateOf: (query) => ask(options, query),
  };
}

async function send(
  options: AliyunSmsGatewayOptions,
  render: SmsGateway['render'],
  text: SmsText,
): Promise<SendOutcome> {
  const rendering = render(text);
  if (rendering.kind === 'refused') return { kind: 'rejected', cause: rendering.cause };
  if (rendering.kind === 'free') return { kind: 'rejected', cause: 'template_invalid' };
  const reference = aliyunReference(text.deliveryId);
  const answer = await call(options, 'SendSms', {
    PhoneNumbers: nationalNumber(text.to),
    SignName: options.config.signName,
    TemplateCode: rendering.template,
    TemplateParam: JSON.stringify(rendering.variables),
    OutId: reference,
  });
  return outcomeOf(answer, { kind: 'accepted', reference, parts: rendering.parts });
}

function outcomeOf(answer: HttpAnswer, accepted: SendOutcome): SendOutcome {
  if (answer.kind === 'not_connected') return { kind: 'retry', cause: 'not_connected', afterMs: 0 };
  const said = answer.kind === 'answer' ? sendAnswer.safeParse(jsonOf(answer.text)) : undefined;
  // A fault of theirs, or an answer that is none, may hide a text that was taken.
  if (answer.kind !== 'answer' || !said?.success) return { kind: 'unknown' };
  const { Code: code } = said.data;
  if (code === 'OK') return accepted;
  if (answer.status >= 500 || code.startsWith('isp.SYSTEM')) return { kind: 'unknown' };
  const cause = causeOfAliyunCode(code);
  if (scopeOf(cause) === 'passing') return { kind: 'retry', cause, afterMs: AFTER_LIMIT_MS, code };
  return { kind: 'rejected', cause, code };
}

async function find(options: AliyunSmsGatewayOptions, query: LookupQuery): Promise<readonly string[] | undefined> {
  const found = await listed(options, query);
  return found && (found === 'none' ? [] : [aliyunReference(query.deliveryId)]);
}

async function ask(options: AliyunSmsGatewayOptions, query: LookupQuery): Promise<ToldFate | undefined> {
  const found = await listed(options, query);
  if (found === undefined || found === 'none') return undefined;
  if (found.SendStatus === 3) return { status: 'delivered' };
  const code = found.ErrCode ?? '';
  return found.SendStatus === 2 ? { status: 'undelivered', cause: causeOfAliyunCode(code), code } : undefined;
}

/**
 * What Aliyun lists of a text; undefined when it does not answer. It lists a number's texts by the day in China: the day
 * it was sent and the day it is are looked at.
 */
async function listed(options: AliyunSmsGatewayOptions, query: LookupQuery): Promise<Detail | 'none' | undefined> {
  const wanted = aliyunReference(query.deliveryId);
  const days = new Set([query.since, options.clock.now()].map(dayInChina));
  for (const SendDate of days) {
    const parameters = { PhoneNumber: nationalNumber(query.to), SendDate, PageSize: '50', CurrentPage: '1' };
    const answer = await call(options, 'QuerySendDetails', parameters);
    const said = answer.kind === 'answer' ? detailsAnswer.safeParse(jsonOf(answer.text)) : undefined;
    if (!said?.success) return undefined;
    const found = said.data.SmsSendDetailDTOs.SmsSendDetailDTO.find(({ OutId }) => OutId === wanted);
    if (found) return found;
  }
  return 'none';
}

function call(
  { config, clock, timeoutMs = TIMEOUT_MS }: AliyunSmsGatewayOptions,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  const { accessKeyId, accessKeySecret, baseUrl } = config;
  const { host } = new URL(baseUrl);
  const keys = { accessKeyId, accessKeySecret: accessKeySecret.reveal() };
  const { query, headers } = signAliyunCall({ host, action, version: VERSION, parameters }, keys, clock.now());
  return answerInTime({ url: `${baseUrl}/?${query}`, method: 'POST', headers, body: '', timeoutMs });
}

/** Mainland numbers without the country's code, others with it and without a plus. */
function nationalNumber(phone: string): string {
  return phone.replace(/^\+86(?=1\d{10}$)/, '').replace(/^\+/, '');
}

function dayInChina(at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(at).replaceAll('-', '');
}
