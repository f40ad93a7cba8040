import twilio from 'twilio';
import { z } from 'zod';
import type { TwilioConfig } from '../../config/config.ts';
import type { ReceiptStatus } from '../../domain/notification/delivery-status.ts';
import type { Receipt } from '../record-receipt.ts';
import { causeOfTwilioCode } from './twilio-error-codes.ts';

/** The gateway's name in deliveries and receipts. */
export const TWILIO = 'twilio';
const STATUS_PATH = '/webhooks/twilio/status';

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

/** Reads the calls of one account. */
export type TwilioCallReader = (call: TwilioCall) => Receipt | 'forged' | 'ignored';

/**
 * Tells Twilio's calls from forged ones by their signature over the configured public address, whatever a proxy made of
 * it, and reads them. While the auth token is being changed the one before is believed too.
 */
export function twilioCallReader(
  { authToken, previousAuthToken }: Pick<TwilioConfig, 'authToken' | 'previousAuthToken'>,
  publicBaseUrl: string,
): TwilioCallReader {
  const tokens = [authToken, ...(previousAuthToken ? [previousAuthToken] : [])];
  return (call) => {
    const url =
      call.deliveryId === undefined
        ? `${publicBaseUrl}${STATUS_PATH}`
        : statusCallbackUrl(publicBaseUrl, call.deliveryId);
    const isGenuine = tokens.some((token) => twilio.validateRequest(token.reveal(), call.signature, url, call.form));
    return isGenuine ? receiptOf(call) : 'forged';
  };
}

function receiptOf({ form, deliveryId }: TwilioCall): Receipt | 'ignored' {
  const parsed = callback.safeParse(form);
  const status = parsed.success ? STATUSES.get(parsed.data.MessageStatus) : undefined;
  if (!parsed.success || !status) return 'ignored';
  const { MessageSid: reference, ErrorCode: code } = parsed.data;
  const failure = code === undefined ? {} : { cause: causeOfTwilioCode(code), code: String(code) };
  return { gateway: TWILIO, reference, status, deliveryId, ...failure };
}
