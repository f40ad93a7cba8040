import { z } from 'zod';
import { E164 } from '../../core/e164.ts';
import type { KeyPress } from '../record-key-press.ts';
import { TWILIO_VOICE } from './twilio-call-fates.ts';
import type { SignedForm } from './twilio-signature.ts';

const KEY_PATH = '/webhooks/twilio/key';

/** Where Twilio brings the key that somebody pressed. The number of the attempt tells a stranger nothing. */
export function keyPressUrl(publicBaseUrl: string, deliveryId: number): string {
  return `${publicBaseUrl}${KEY_PATH}?delivery=${deliveryId}`;
}

const pressed = z.object({
  CallSid: z.string().regex(/^CA[0-9a-f]{32}$/),
  To: z.string().regex(E164),
  Digits: z.string().min(1).max(20),
});

/** The key press in a genuine call on the webhook; `ignored` where there is none in it. */
export function keyPressOf(form: SignedForm['form'], deliveryId: number): KeyPress | 'ignored' {
  const parsed = pressed.safeParse(form);
  if (!parsed.success) return 'ignored';
  const { CallSid: reference, To: to, Digits: keys } = parsed.data;
  return { gateway: TWILIO_VOICE, reference, deliveryId, to, keys };
}
