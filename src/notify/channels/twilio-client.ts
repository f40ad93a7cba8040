import twilio from 'twilio';
import type { TwilioAccount } from '../../config/sms-config.ts';
import { httpCall } from './http-call.ts';

export type TwilioClient = ReturnType<typeof twilio>;

const TIMEOUT_MS = 10_000;

/**
 * Twilio's own client, over connections of ours: its own would be twenty at most, of which it keeps five. It never
 * repeats a request by itself: creating a message twice is two messages. With a base URL its requests go there instead,
 * path and all.
 */
export function twilioClient({ accountSid, authToken, baseUrl }: TwilioAccount, timeoutMs = TIMEOUT_MS): TwilioClient {
  const httpClient = new twilio.RequestClient({ timeout: timeoutMs, autoRetry: false });
  httpClient.request = async (call) => {
    const { status, text } = await httpCall({
      url: addressOf(call, baseUrl),
      method: call.method.toUpperCase(),
      headers: { ...textsOf(call.headers), Authorization: basicAuth(accountSid, authToken.reveal()) },
      ...(call.data && { body: formOf(call.data) }),
      timeoutMs,
    });
    // As the client expects it; its own type says that a body is always an object.
    const response: unknown = { statusCode: status, body: text, headers: {} };
    return response as never;
  };
  return twilio(accountSid, authToken.reveal(), { httpClient });
}

interface Address {
  readonly uri: string;
  readonly params?: object | undefined;
}

function addressOf({ uri, params }: Address, baseUrl: string | undefined): string {
  const { origin, pathname, search } = new URL(uri);
  const url = new URL(pathname + search, baseUrl ?? origin);
  for (const [name, value] of pairsOf(params)) url.searchParams.append(name, value);
  return url.href;
}

function formOf(data: object): string {
  return new URLSearchParams(pairsOf(data)).toString();
}

function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** A list is the same name several times; what is undefined is left out. */
function pairsOf(values: object | undefined): [string, string][] {
  return Object.entries(values ?? {}).flatMap(([name, value]: [string, unknown]) =>
    [value].flat().flatMap((each): [string, string][] => (each === undefined ? [] : [[name, textOf(each)]])),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textsOf(headers: object | undefined): Record<string, string> {
  return Object.fromEntries(pairsOf(headers));
}
