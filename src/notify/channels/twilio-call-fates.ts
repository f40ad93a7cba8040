import type { ToldFate } from '../sms-gateway.ts';

/** The gateway's name in deliveries and receipts. */
export const TWILIO_VOICE = 'twilio-voice';

/** SIP's ways to say that there is no such number: not found, gone, address incomplete, exists nowhere. */
const NO_SUCH_NUMBER: ReadonlySet<number> = new Set([404, 410, 484, 604]);

/** Twilio's word for a call's state, in ours: who did not pick up was not reached, as by a text that did not arrive. */
const FATES: ReadonlyMap<string, ToldFate> = new Map<string, ToldFate>([
  ['queued', { status: 'accepted' }],
  ['initiated', { status: 'accepted' }],
  ['ringing', { status: 'accepted' }],
  ['in-progress', { status: 'sent' }],
  ['completed', { status: 'delivered' }],
  ['no-answer', { status: 'undelivered', cause: 'not_answered' }],
  ['busy', { status: 'undelivered', cause: 'line_busy' }],
  ['failed', { status: 'undelivered', cause: 'unreachable' }],
  ['canceled', { status: 'undelivered', cause: 'refused' }],
]);

/**
 * What Twilio's word for a call's state means; undefined for one that is not known here. Of a call that failed the
 * carrier's answer tells whether the number is at fault.
 */
export function fateOfCallStatus(word: string, sipCode?: number): ToldFate | undefined {
  const fate = FATES.get(word);
  if (!fate || word !== 'failed' || sipCode === undefined) return fate;
  const code = `sip ${sipCode}`;
  return NO_SUCH_NUMBER.has(sipCode) ? { ...fate, cause: 'unknown_handset', code } : { ...fate, code };
}
