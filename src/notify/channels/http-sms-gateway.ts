import type { HttpGatewayFile } from '../../config/http-gateway-file.ts';
import { scopeOf } from '../../domain/notification/failure-cause.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { SendOutcome, SmsGateway, SmsText } from '../sms-gateway.ts';
import { answerInTime, type HttpAnswer, jsonOf } from './answer-in-time.ts';
import { atPath, textAt } from './json-path.ts';
import { renderFreeText } from './render-free-text.ts';

const AFTER_LIMIT_MS = 10 * SECOND_MS;
const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;

/**
 * Texts through whatever takes them over HTTP, as a file describes it. It cannot be asked afterwards: a text of unknown
 * fate is settled by its receipt, or may come once more.
 */
export function httpSmsGateway(file: HttpGatewayFile): SmsGateway {
  return {
    name: file.name,
    channel: 'sms',
    capabilities: {
      freeText: true,
      url: file.links,
      inbound: file.replies !== undefined,
      receipts: file.receipts ? 'push' : 'none',
      lookup: false,
      validity: JSON.stringify(file.send).includes('{{validForS}}'),
      longestVariable: undefined,
    },
    render: renderFreeText,
    send: (text) => send(file, text),
  };
}

async function send(file: HttpGatewayFile, text: SmsText): Promise<SendOutcome> {
  const rendering = renderFreeText(text);
  if (rendering.kind === 'refused') return { kind: 'rejected', cause: rendering.cause };
  const { method, url, headers, json, form } = file.send;
  const values = valuesOf(text);
  const filled = form && new URLSearchParams(fillEach(form, values)).toString();
  const body = json === undefined ? filled : JSON.stringify(fillAll(json, values));
  const type = json === undefined ? 'application/x-www-form-urlencoded;charset=UTF-8' : 'application/json';
  const answer = await answerInTime({
    url: fill(url, values, encodeURIComponent),
    method,
    headers: { ...(body !== undefined && { 'content-type': type }), ...fillEach(headers, values) },
    ...(method !== 'GET' && { body }),
    timeoutMs: file.timeoutSeconds * SECOND_MS,
  });
  return outcomeOf(file, answer, String(text.deliveryId), rendering.parts);
}

function outcomeOf({ answer: mapping }: HttpGatewayFile, answer: HttpAnswer, ours: string, parts: number): SendOutcome {
  if (answer.kind === 'not_connected') return { kind: 'retry', cause: 'not_connected', afterMs: 0 };
  if (answer.kind === 'silent') return { kind: 'unknown' };
  const document = jsonOf(answer.text);
  const isFine = answer.status >= 200 && answer.status < 300;
  if (isFine && saysAccepted(mapping.accepted, document)) {
    // Without the reference it promised, the text was taken all the same: our own number finds its receipts.
    return { kind: 'accepted', reference: textAt(document, mapping.reference) ?? ours, parts };
  }
  const code = textAt(document, mapping.code) ?? String(answer.status);
  const cause = mapping.causes[code] ?? causeOfStatus(answer.status);
  if (cause === undefined) return { kind: 'unknown' };
  if (scopeOf(cause) === 'passing') return { kind: 'retry', cause, afterMs: AFTER_LIMIT_MS, code };
  return { kind: 'rejected', cause, code };
}

function saysAccepted(accepted: HttpGatewayFile['answer']['accepted'], document: unknown): boolean {
  if (!accepted) return true;
  const value = atPath(document, accepted.path);
  return accepted.in.some((one) => one === value || String(one) === String(value));
}

/** What a status alone tells where the answer has no code that is mapped. Undefined: it may have been taken. */
function causeOfStatus(status: number): Parameters<typeof scopeOf>[0] | undefined {
  if (status === TOO_MANY_REQUESTS) return 'rate_limited';
  if (status === SERVICE_UNAVAILABLE) return 'gateway_unavailable';
  if (status >= 500) return undefined;
  return status === 401 || status === 403 ? 'account_refused' : 'refused';
}

function valuesOf(text: SmsText): Readonly<Record<string, string>> {
  const { to, body, deliveryId, validForS, intent, language, variables } = text;
  return {
    ...variables,
    to,
    toDigits: to.replace('+', ''),
    body,
    reference: String(deliveryId),
    validForS: String(validForS),
    intent,
    language,
  };
}

/** `{{to}}` and the like; what has no value becomes nothing. */
function fill(template: string, values: Readonly<Record<string, string>>, as = (text: string) => text): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => as(values[name] ?? ''));
}

function fillEach(
  texts: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text, values)]));
}

function fillAll(json: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof json === 'string') return fill(json, values);
  if (Array.isArray(json)) return json.map((item) => fillAll(item, values));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, fillAll(value, values)]));
}
