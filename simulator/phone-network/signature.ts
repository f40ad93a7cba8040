import { createHmac } from 'node:crypto';

const TIMEOUT_MS = 10_000;

/** Signs a form the way Twilio does: HMAC-SHA1 over the address and the fields in the order of their names, in base64. */
export function signatureOf(authToken: string, url: string, form: Readonly<Record<string, string>>): string {
  const signed = Object.entries(form)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .reduce((text, [name, value]) => text + name + value, url);
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

/** Calls one of a client's addresses with a signed form. Yields the answer; undefined where there was none in time. */
export async function postSigned(
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: string } | undefined> {
  const headers = { 'x-twilio-signature': signatureOf(authToken, url, form) };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form), signal });
    return { status: response.status, body: await response.text() };
  } catch {
    return undefined;
  }
}
