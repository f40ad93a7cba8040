import { z } from 'zod';
import type { GatewayCallbacks } from '../gateway-callbacks.ts';
import type { InboundReply } from '../record-reply.ts';
import type { Receipt } from '../record-receipt.ts';
import { causeOfAliyunCode } from './aliyun-error-codes.ts';

const GATEWAY = 'aliyun';
const PREFIX = 'sw-';

/** How Aliyun calls a text: by our own number of the attempt, which it hands back. */
export function aliyunReference(deliveryId: number): string {
  return `${PREFIX}${deliveryId}`;
}

const report = z.object({
  phone_number: z.string(),
  success: z.boolean(),
  err_code: z.string().default(''),
  out_id: z.string().default(''),
});
const reply = z.object({
  phone_number: z.string(),
  content: z.string(),
  send_time: z.string().default(''),
  sequence_id: z.union([z.string(), z.number()]).optional(),
});

/** Reads what Aliyun pushes: arrays of receipts (SmsReport) and of replies (SmsUp). What is not ours is passed over. */
export const aliyunCallbacks: GatewayCallbacks = {
  receipts: (body) => {
    const parsed = z.array(report).safeParse(body);
    return parsed.success ? parsed.data.flatMap(receiptOf) : 'unreadable';
  },
  replies: (body) => {
    const parsed = z.array(reply).safeParse(body);
    return parsed.success ? parsed.data.map(replyOf) : 'unreadable';
  },
  answer: { contentType: 'application/json', body: JSON.stringify({ code: 0, msg: '接收成功' }) },
};

function receiptOf({ success, err_code: code, out_id: reference }: z.output<typeof report>): Receipt[] {
  if (!reference.startsWith(PREFIX)) return [];
  const deliveryId = Number(reference.slice(PREFIX.length));
  if (!Number.isSafeInteger(deliveryId)) return [];
  const receipt = { gateway: GATEWAY, reference, deliveryId };
  if (success) return [{ ...receipt, status: 'delivered' }];
  return [{ ...receipt, status: 'undelivered', cause: causeOfAliyunCode(code), code }];
}

/** Without a number of its own a reply is told from its repetition by who said what and when. */
function replyOf({ phone_number, content, send_time, sequence_id }: z.output<typeof reply>): InboundReply {
  const from = phone_number.startsWith('+') ? phone_number : internationalNumber(phone_number);
  return { gateway: GATEWAY, from, body: content, reference: String(sequence_id ?? `${from} ${send_time} ${content}`) };
}

function internationalNumber(digits: string): string {
  return /^1\d{10}$/.test(digits) ? `+86${digits}` : `+${digits}`;
}
