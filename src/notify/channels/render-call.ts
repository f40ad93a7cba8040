import type { Rendering, SmsCapabilities, TextContent } from '../sms-gateway.ts';

/** Half a minute of speech: nobody listens to more, and said twice it must fit what a provider takes. */
const LONGEST = 300;
const HOLDS_ADDRESS = /https?:|\/[vc]\b/i;

/** What a way out for calls can do, whoever makes them. */
export const CALL_CAPABILITIES: Omit<SmsCapabilities, 'receipts' | 'lookup' | 'inbound'> = {
  freeText: true,
  url: 'none',
  validity: false,
  longestVariable: undefined,
};

/** The rendering of a call. Refuses what is too long to listen to, what speaks of several homes, and any address. */
export function renderCall({ body, isBundle }: TextContent): Rendering {
  if (isBundle) return { kind: 'refused', cause: 'content_refused', detail: 'several homes in one call' };
  if (body.length > LONGEST) return { kind: 'refused', cause: 'content_refused', detail: `${body.length} letters` };
  if (HOLDS_ADDRESS.test(body)) return { kind: 'refused', cause: 'content_refused', detail: 'an address in a call' };
  return { kind: 'free', body, parts: 1 };
}
