import twilio from 'twilio';
import type { TwilioConfig } from '../../config/sms-config.ts';

export type TwilioClient = ReturnType<typeof twilio>;

const TIMEOUT_MS = 10_000;

/**
 * Twilio's own client. It never repeats a request by itself: creating a message twice is two messages. With a base URL
 * its requests go there instead, path and all.
 */
export function twilioClient({ accountSid, authToken, baseUrl }: TwilioConfig, timeoutMs = TIMEOUT_MS): TwilioClient {
  const httpClient = new twilio.RequestClient({ timeout: timeoutMs, autoRetry: false });
  if (baseUrl !== undefined) {
    const request = httpClient.request.bind(httpClient);
    httpClient.request = (options) => request({ ...options, uri: movedTo(baseUrl, options.uri) });
  }
  return twilio(accountSid, authToken.reveal(), { httpClient });
}

function movedTo(baseUrl: string, uri: string): string {
  const { pathname, search } = new URL(uri);
  return new URL(pathname + search, baseUrl).href;
}
