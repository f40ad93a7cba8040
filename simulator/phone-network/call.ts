import { randomBytes } from 'node:crypto';

export type CallStatus =
  'queued' | 'initiated' | 'ringing' | 'in-progress' | 'completed' | 'no-answer' | 'busy' | 'failed' | 'canceled';

/** A call that the network has taken. */
export interface Call {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  /** How the caller is told to lead it. */
  readonly twiml: string;
  readonly statusCallback: string | undefined;
  /** Of which events there is to be word; the end is always one of them. */
  readonly statusCallbackEvents: readonly string[];
  readonly at: Date;
  status: CallStatus;
  /** What the carrier answered to a call that failed. */
  sipCode: number | undefined;
  /** What came back for the key that was pressed; undefined while none was. */
  answer: { readonly status: number; readonly body: string } | undefined;
}

/** What a client must send to have a call made. */
export interface CallForm {
  readonly To: string;
  readonly From: string;
  readonly Twiml: string;
  readonly StatusCallback?: string | undefined;
  readonly StatusCallbackEvent?: readonly string[] | undefined;
}

export function callFrom(form: CallForm, at: Date): Call {
  return {
    sid: `CA${randomBytes(16).toString('hex')}`,
    to: form.To,
    from: form.From,
    twiml: form.Twiml,
    statusCallback: form.StatusCallback,
    statusCallbackEvents: form.StatusCallbackEvent ?? ['completed'],
    at,
    status: 'queued',
    sipCode: undefined,
    answer: undefined,
  };
}

/** The call as Twilio's API shows it. */
export function callJson(call: Call, accountSid: string): Record<string, unknown> {
  return {
    sid: call.sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    to: call.to,
    to_formatted: call.to,
    from: call.from,
    from_formatted: call.from,
    direction: 'outbound-api',
    // The API calls a call that is being set up `ringing`; only the events tell the two apart.
    status: call.status === 'initiated' ? 'ringing' : call.status,
    answered_by: null,
    date_created: call.at.toUTCString(),
    date_updated: call.at.toUTCString(),
    start_time: call.status === 'queued' ? null : call.at.toUTCString(),
    end_time: null,
    duration: null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    uri: `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}.json`,
    subresource_uris: {},
  };
}
