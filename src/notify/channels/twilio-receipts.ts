import { z } from 'zod';
import { E164 } from '../../core/e164.ts';
import type { TwilioAccount } from '../../config/sms-config.ts';
import type { ReceiptStatus } from '../../domain/notification/delivery-status.ts';
import type { KeyPress } from '../record-key-press.ts';
import type { Receipt } from '../record-receipt.ts';
import type { InboundReply } from '../record-reply.ts';
import type { ToldFate } from '../sms-gateway.ts';
import { fateOfCallStatus, TWILIO_VOICE } from './twilio-call-fates.ts';
import { causeOfTwilioCode } from './twilio-error-codes.ts';
import { keyPressOf, keyPressUrl } from './twilio-key-press.ts';
import { signatureCheck, type SignedForm } from './twilio-signature.ts';

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

/** The word on a call to a phone. */
const callProgress = z.object({
  CallSid: z.string().regex(/^CA[0-9a-f]{32}$/),
  CallStatus: z.string(),
  SipResponseCode: z.coerce.number().int().positive().optional().catch(undefined),
});

/** A call on the webhook, as it came. */
export interface TwilioCall extends SignedForm {
  readonly deliveryId: number | undefined;
}

/** Read the calls of one account. */
export interface TwilioReaders {
  readonly status: (call: TwilioCall) => Receipt | 'forged' | 'ignored';
  readonly inbound: (call: SignedForm) => InboundReply | 'forged' | 'ignored';
  /** A key that was pressed in a call to a phone. */
  readonly key: (call: SignedForm & { readonly deliveryId: number }) => KeyPress | 'forged' | 'ignored';
}

/** Tell Twilio's calls from forged ones by their signature over the configured public address, and read them. */
export function twilioReaders(
  account: Pick<TwilioAccount, 'authToken' | 'previousAuthToken'>,
  publicBaseUrl: string,
): TwilioReaders {
  const isGenuine = signatureCheck(account);
  return {
    status: (call) => {
      const { deliveryId } = call;
      const plain = `${publicBaseUrl}${STATUS_PATH}`;
      const url = deliveryId === undefined ? plain : statusCallbackUrl(publicBaseUrl, deliveryId);
      return isGenuine(url, call) ? receiptOf(call) : 'forged';
    },
    inbound: (call) => (isGenuine(`${publicBaseUrl}${INBOUND_PATH}`, call) ? replyOf(call.form) : 'forged'),
    key: (call) => {
      const { form, deliveryId } = call;
      return isGenuine(keyPressUrl(publicBaseUrl, deliveryId), call) ? keyPressOf(form, deliveryId) : 'forged';
    },
  };
}

const inbound = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  From: z.string().regex(E164),
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
  const ofCall = callProgress.safeParse(form);
  if (ofCall.success) {
    const { CallSid: reference, CallStatus, SipResponseCode } = ofCall.data;
    const fate = fateOfCallStatus(CallStatus, SipResponseCode);
    return fate ? { gateway: TWILIO_VOICE, reference, deliveryId, ...fate } : 'ignored';
  }
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
