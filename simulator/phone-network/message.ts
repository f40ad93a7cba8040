import { randomBytes } from 'node:crypto';
import { smsLength } from '../../src/domain/notification/sms-length.ts';

/** A text that the network has taken. */
export interface Message {
  readonly sid: string;
  readonly to: string;
  readonly from: string | undefined;
  readonly messagingServiceSid: string | undefined;
  readonly body: string;
  readonly validityPeriodS: number | undefined;
  readonly statusCallback: string | undefined;
  readonly at: Date;
  status: 'accepted' | 'queued' | 'sent' | 'delivered' | 'undelivered';
  errorCode: number | undefined;
}

/** What a client must send to have a text taken. */
export interface MessageForm {
  readonly To: string;
  readonly Body: string;
  readonly From?: string | undefined;
  readonly MessagingServiceSid?: string | undefined;
  readonly StatusCallback?: string | undefined;
  readonly ValidityPeriod?: string | undefined;
}

export function messageFrom(form: MessageForm, at: Date): Message {
  return {
    sid: `SM${randomBytes(16).toString('hex')}`,
    to: form.To,
    from: form.From,
    messagingServiceSid: form.MessagingServiceSid,
    body: form.Body,
    validityPeriodS: form.ValidityPeriod === undefined ? undefined : Number(form.ValidityPeriod),
    statusCallback: form.StatusCallback,
    at,
    status: form.MessagingServiceSid === undefined ? 'queued' : 'accepted',
    errorCode: undefined,
  };
}

/** The message as Twilio's API shows it. Behind a Messaging Service it says 0 segments at first. */
export function messageJson(message: Message, accountSid: string): Record<string, unknown> {
  return {
    sid: message.sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    to: message.to,
    from: message.from ?? null,
    messaging_service_sid: message.messagingServiceSid ?? null,
    body: message.body,
    num_segments: message.messagingServiceSid === undefined ? String(smsLength(message.body).parts) : '0',
    num_media: '0',
    direction: 'outbound-api',
    status: message.status,
    error_code: message.errorCode ?? null,
    error_message: null,
    date_created: message.at.toUTCString(),
    date_updated: message.at.toUTCString(),
    date_sent: message.status === 'accepted' || message.status === 'queued' ? null : message.at.toUTCString(),
    price: null,
    price_unit: 'USD',
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}.json`,
    subresource_uris: {},
  };
}
