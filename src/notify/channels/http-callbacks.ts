import { createHash } from 'node:crypto';
import type { HttpGatewayFile } from '../../config/http-gateway-file.ts';
import type { GatewayCallbacks } from '../gateway-callbacks.ts';
import type { Receipt } from '../record-receipt.ts';
import type { InboundReply } from '../record-reply.ts';
import { listAt, textAt } from './json-path.ts';

/** Reads what a gateway that a file describes brings to its webhook. What the file does not map is passed over. */
export function httpCallbacks(file: HttpGatewayFile): GatewayCallbacks {
  const { name: gateway, receipts, replies } = file;
  // Where the gateway gives no reference of its own, texts go by our number.
  const isOurs = file.answer.reference === undefined;
  return {
    ...(receipts && {
      receipts: (body: unknown) => eachOf(body, receipts.list, (one) => receiptOf(gateway, receipts, one, isOurs)),
    }),
    ...(replies && { replies: (body: unknown) => eachOf(body, replies.list, (one) => replyOf(gateway, replies, one)) }),
    answer: (receipts ?? replies)?.answer ?? { contentType: 'application/json', body: '{}' },
  };
}

function eachOf<Item>(
  body: unknown,
  list: string | undefined,
  read: (one: unknown) => Item | undefined,
): readonly Item[] | 'unreadable' {
  return listAt(body, list)?.flatMap((one) => read(one) ?? []) ?? 'unreadable';
}

function receiptOf(
  gateway: string,
  mapping: NonNullable<HttpGatewayFile['receipts']>,
  document: unknown,
  isOurs: boolean,
): Receipt | undefined {
  const reference = textAt(document, mapping.reference);
  const status = mapping.statuses[textAt(document, mapping.status) ?? ''];
  if (reference === undefined || status === undefined) return undefined;
  const code = textAt(document, mapping.code);
  const isFailure = status === 'undelivered' || status === 'failed';
  const cause = code === undefined ? undefined : mapping.causes[code];
  const number = isOurs ? Number(reference) : NaN;
  const deliveryId = Number.isSafeInteger(number) ? number : undefined;
  return { gateway, reference, status, deliveryId, ...(isFailure && { code, cause: cause ?? 'refused' }) };
}

function replyOf(
  gateway: string,
  mapping: NonNullable<HttpGatewayFile['replies']>,
  document: unknown,
): InboundReply | undefined {
  const from = textAt(document, mapping.from);
  const body = textAt(document, mapping.body);
  if (from === undefined || body === undefined) return undefined;
  const digits = from.replace(/[^\d+]/g, '');
  const phone = digits.startsWith('+') ? digits : /^1\d{10}$/.test(digits) ? `+86${digits}` : `+${digits}`;
  // Without a number of its own a reply is told from its repetition by all that came with it.
  const told = createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 32);
  return { gateway, from: phone, body, reference: textAt(document, mapping.reference) ?? told };
}
