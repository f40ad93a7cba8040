import type { TwilioVoiceConfig } from '../../config/sms-config.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { LookupQuery, SendOutcome, SmsGateway, SmsText, ToldFate } from '../sms-gateway.ts';
import { CALL_CAPABILITIES, renderCall } from './render-call.ts';
import { fateOfCallStatus, TWILIO_VOICE } from './twilio-call-fates.ts';
import { type TwilioClient, twilioClient } from './twilio-client.ts';
import { keyPressUrl } from './twilio-key-press.ts';
import { outcomeOfFault } from './twilio-outcome.ts';
import { statusCallbackUrl } from './twilio-receipts.ts';
import { callTwiml } from './twilio-twiml.ts';

export interface TwilioVoiceGatewayOptions {
  readonly config: TwilioVoiceConfig;
  /** Where Twilio reaches us with its receipts and with keys, without a slash at the end. */
  readonly publicBaseUrl: string;
  /** How long to wait for an answer in milliseconds. */
  readonly timeoutMs?: number;
}

/** Clocks differ, and Twilio tells its times in whole seconds. */
const CLOCK_SLACK_MS = 30 * SECOND_MS;
const MOST_FOUND = 50;
/** Long enough to find a phone in a bag; most answering machines come later. */
const RINGS_FOR_S = 40;
/** The sentence twice, the wait for a key and the thanks take less: nothing may keep a line open. */
const LONGEST_CALL_S = 180;

/** Calls through Twilio, or through whatever stands at the configured base URL. */
export function twilioVoiceGateway({ config, publicBaseUrl, timeoutMs }: TwilioVoiceGatewayOptions): SmsGateway {
  const client = twilioClient(config, timeoutMs);
  return {
    name: TWILIO_VOICE,
    channel: 'voice',
    capabilities: { ...CALL_CAPABILITIES, inbound: true, receipts: 'push', lookup: true },
    render: renderCall,
    send: (text) => create(client, config, publicBaseUrl, text).catch(outcomeOfFault),
    lookup: (query) => find(client, query).catch(() => undefined),
    fateOf: ({ reference }) => ask(client, reference).catch(() => undefined),
  };
}

async function create(
  client: TwilioClient,
  { from }: TwilioVoiceConfig,
  publicBaseUrl: string,
  text: SmsText,
): Promise<SendOutcome> {
  const rendering = renderCall(text);
  if (rendering.kind === 'refused') return { kind: 'rejected', cause: rendering.cause };
  const { to, body, language, deliveryId } = text;
  const call = await client.calls.create({
    to,
    from,
    twiml: callTwiml(body, language, keyPressUrl(publicBaseUrl, deliveryId)),
    statusCallback: statusCallbackUrl(publicBaseUrl, deliveryId),
    statusCallbackEvent: ['answered', 'completed'],
    timeout: RINGS_FOR_S,
    timeLimit: LONGEST_CALL_S,
  });
  return { kind: 'accepted', reference: call.sid, parts: 1 };
}

/** Filtered by creation here: Twilio's own filter is by the start, which a call that still waits has not. */
async function find(client: TwilioClient, { to, since }: LookupQuery): Promise<string[]> {
  const calls = await client.calls.list({ to, limit: MOST_FOUND });
  const earliestMs = since.getTime() - CLOCK_SLACK_MS;
  const fresh = calls.filter(({ dateCreated }) => dateCreated.getTime() >= earliestMs);
  return fresh.sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime()).map(({ sid }) => sid);
}

async function ask(client: TwilioClient, reference: string): Promise<ToldFate | undefined> {
  const { status } = await client.calls(reference).fetch();
  return fateOfCallStatus(status);
}
