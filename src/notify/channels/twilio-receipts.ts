import twilio from 'twilio';
import { z } from 'zod';
import type { TwilioConfig } from '../../config/sms-config.ts';
import type { ReceiptStatus } from '../../domain/notification/delivery-status.ts';
import type { Receipt } from '../record-receipt.ts';
import type { InboundReply } from '../record-reply.ts';
import type { ToldFate } from '../sms-gateway.ts';
import { causeOfTwilioCode } from './twilio-error-codes.ts';

/** The gateway's name in deliveries and receipts. */
export const TWILIO = 'twilio';
const STATUS_PATH = '/webhooks/twilio/status';
const INBOUND_PATH = '/webhooks/twilio/inbound';

/** Where Twilio reports on an attempt. The attempt's number comes back with each receipt; it tells a stranger nothing. */
export function statusCallbackUrl(publicBaseUrl: string, deliveryId: number): string {
  return `${publicBaseUrl}${STATUS_PATH}?delivery=${deliveryId}`;
}

/** Twilio's word for a message's state, in ours. `sending` and what comes before it say no more than `accepted`. */
const STATUSES: ReadonlyMap<string, ReceiptStatus> = new Map([
  ['accepted', 'accepted'],
  ['scheduled', 'accepted'],
  ['queued', 'accepted'],
  ['sending', 'accepted'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

const callback = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  MessageStatus: z.string(),
  ErrorCode: z.coerce.number().int().positive().optional().catch(undefined),
});

/** A call on the webhook, as it came. */
export interface TwilioCall {
  readonly deliveryId: number | undefined;
  readonly signature: string;
  readonly form: Readonly<Record<string, string | readonly string[]>>;
}

/** Read the calls of one account. */
export interface TwilioReaders {
  readonly status: (call: TwilioCall) => Receipt | 'forged' | 'ignored';
  readonly inbound: (call: Omit<TwilioCall, 'deliveryId'>) => InboundReply | 'forged' | 'ignored';
}

/**
 * Tell Twilio's calls from forged ones by their signature over the configured public address, whatever a proxy made of
 * it, and read them. While the auth token is being changed the one before is believed too.
 */
export function twilioReaders(
  { authToken, previousAuthToken }: Pick<TwilioConfig, 'authToken' | 'previousAuthToken'>,
  publicBaseUrl: string,
): TwilioReaders {
  const tokens = [authToken, ...(previousAuthToken ? [previousAuthToken] : [])];
  const isGenuine = (url: string, { signature, form }: Omit<TwilioCall, 'deliveryId'>) =>
    tokens.some((token) => twilio.validateRequest(token.reveal(), signature, url, form));
  return {
    status: (call) => {
      const { deliveryId } = call;
      const plain = `${publicBaseUrl}${STATUS_PATH}`;
      const url = deliveryId === undefined ? plain : statusCallbackUrl(publicBaseUrl, deliveryId);
      return isGenuine(url, call) ? receiptOf(call) : 'forged';
    },
    inbound: (call) => (isGenuine(`${publicBaseUrl}${INBOUND_PATH}`, call) ? replyOf(call.form) : 'forged'),
  };
}

const inbound = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  From: z.string().regex(/^\+[1-9]\d{6,14}$/),
  Body: z.string(),
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional().catch(undefined),
});

/** With Advanced Opt-Out Twilio says itself what it took for a STOP, in whatever words: those are then its own. */
function replyOf(form: TwilioCall['form']): InboundReply | 'ignored' {
  const parsed = inbound.safeParse(form);
  if (!parsed.success) return 'ignored';
  const { MessageSid: reference, From: from, Body, OptOutType } = parsed.data;
  return { gateway: TWILIO, reference, from, body: OptOutType && OptOutType !== 'HELP' ? OptOutType : Body };
}

function receiptOf({ form, deliveryId }: TwilioCall): Receipt | 'ignored' {
  const parsed = callback.safeParse(form);
  if (!parsed.success) return 'ignored';
  const { MessageSid: reference, MessageStatus, ErrorCode } = parsed.data;
  const fate = fateOfTwilioStatus(MessageStatus, ErrorCode);
  return fate ? { gateway: TWILIO, reference, deliveryId, ...fate } : 'ignored';
}

/** What Twilio's word for a message's state means; undefined for one that is not known here. */
export function fateOfTwilioStatus(word: string, errorCode: number | undefined): ToldFate | undefined {
  const status = STATUSES.get(word);
  if (!status) return undefined;
  return errorCode === undefined
    ? { status }
    : { status, cause: causeOfTwilioCode(errorCode), code: String(errorCode) };
}
