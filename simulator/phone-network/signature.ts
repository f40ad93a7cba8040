import { createHmac } from 'node:crypto';

/** Signs a form the way Twilio does: HMAC-SHA1 over the address and the fields in the order of their names, in base64. */
export function signatureOf(authToken: string, url: string, form: Readonly<Record<string, string>>): string {
  const signed = Object.entries(form)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .reduce((text, [name, value]) => text + name + value, url);
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}
