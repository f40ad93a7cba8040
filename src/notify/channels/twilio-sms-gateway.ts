import type { TwilioConfig } from '../../config/sms-config.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { LookupQuery, SendOutcome, SmsCapabilities, SmsGateway, SmsText, ToldFate } from '../sms-gateway.ts';
import { renderFreeText } from './render-free-text.ts';
import { type TwilioClient, twilioClient } from './twilio-client.ts';
import { outcomeOfFault } from './twilio-outcome.ts';
import { fateOfTwilioStatus, statusCallbackUrl, TWILIO } from './twilio-receipts.ts';

export interface TwilioSmsGatewayOptions {
  readonly config: TwilioConfig;
  /** Where Twilio reaches us with its receipts, without a slash at the end. */
  readonly publicBaseUrl: string;
  /** How long to wait for an answer in milliseconds. */
  readonly timeoutMs?: number;
}

/** Clocks differ, and Twilio tells its times in whole seconds. */
const CLOCK_SLACK_MS = 30 * SECOND_MS;
const MOST_FOUND = 50;
const CAPABILITIES: SmsCapabilities = {
  freeText: true,
  url: 'any',
  inbound: true,
  receipts: 'push',
  lookup: true,
  validity: true,
  longestVariable: undefined,
};

/** Texts through Twilio, or through whatever stands at the configured base URL. */
export function twilioSmsGateway({ config, publicBaseUrl, timeoutMs }: TwilioSmsGatewayOptions): SmsGateway {
  const client = twilioClient(config, timeoutMs);
  return {
    name: TWILIO,
    channel: 'sms',
    capabilities: { ...CAPABILITIES, url: config.links },
    render: renderFreeText,
    send: (text) => create(client, config, publicBaseUrl, text).catch(outcomeOfFault),
    lookup: (query) => find(client, query).catch(() => undefined),
    fateOf: ({ reference }) => ask(client, reference).catch(() => undefined),
  };
}

async function create(
  client: TwilioClient,
  { sender }: TwilioConfig,
  publicBaseUrl: string,
  text: SmsText,
): Promise<SendOutcome> {
  const rendering = renderFreeText(text);
  if (rendering.kind === 'refused') return { kind: 'rejected', cause: rendering.cause };
  const { to, body, deliveryId, validForS } = text;
  const statusCallback = statusCallbackUrl(publicBaseUrl, deliveryId);
  const message = await client.messages.create({ ...sender, to, body, statusCallback, validityPeriod: validForS });
  // Behind a Messaging Service Twilio does not know the number of parts yet and says 0.
  const parts = Number(message.numSegments) || rendering.parts;
  return { kind: 'accepted', reference: message.sid, parts };
}

/** Filtered by creation here: Twilio's own filter is by the time of sending, which a text that still waits has not. */
async function find(client: TwilioClient, { to, since }: LookupQuery): Promise<string[]> {
  const messages = await client.messages.list({ to, limit: MOST_FOUND });
  const earliestMs = since.getTime() - CLOCK_SLACK_MS;
  const fresh = messages.filter(({ dateCreated }) => dateCreated.getTime() >= earliestMs);
  return fresh.sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime()).map(({ sid }) => sid);
}

async function ask(client: TwilioClient, reference: string): Promise<ToldFate | undefined> {
  const { status, errorCode } = await client.messages(reference).fetch();
  return fateOfTwilioStatus(status, errorCode || undefined);
}
