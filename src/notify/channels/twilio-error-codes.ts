import type { FailureCause } from '../../domain/notification/failure-cause.ts';

/**
 * Twilio's error codes in our words, as https://www.twilio.com/docs/api/errors describes them: those of a refused
 * request (2xxxx) and those of a text that was taken and came to nothing (3xxxx, and 21610 behind a Messaging Service).
 *
 * Twilio adds finer codes as it goes. A code that is not here counts as a refusal of this one text.
 */
const CAUSES: ReadonlyMap<number, FailureCause> = new Map([
  [20003, 'account_refused'],
  [20429, 'rate_limited'],
  [21211, 'invalid_number'],
  [21408, 'region_not_permitted'],
  [21606, 'sender_invalid'],
  [21608, 'recipient_not_verified'],
  [21610, 'opted_out'],
  [21614, 'not_mobile'],
  [30002, 'account_suspended'],
  [30003, 'unreachable'],
  [30005, 'unknown_handset'],
  [30006, 'not_mobile'],
  [30007, 'content_blocked'],
  [30008, 'carrier_refused'],
]);

export function causeOfTwilioCode(code: number | undefined): FailureCause {
  return (code === undefined ? undefined : CAUSES.get(code)) ?? 'refused';
}
