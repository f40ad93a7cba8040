import type { FailureCause } from '../../domain/notification/failure-cause.ts';

/**
 * Twilio's error codes in our words, as https://www.twilio.com/docs/api/errors describes them: those of a refused
 * request (2xxxx, and 1xxxx of a call) and those of a text that was taken and came to nothing (3xxxx, and 21610 behind a
 * Messaging Service). That an account may not call a country (21215) is the account's to mend: a text still gets there.
 *
 * Twilio adds finer codes as it goes. A code that is not here counts as a refusal of this one text.
 */
const CAUSES: ReadonlyMap<number, FailureCause> = new Map([
  [10001, 'account_suspended'],
  [20003, 'account_refused'],
  [20429, 'rate_limited'],
  [21210, 'sender_invalid'],
  [21211, 'invalid_number'],
  [21212, 'sender_invalid'],
  [21215, 'account_refused'],
  [21217, 'invalid_number'],
  [21219, 'recipient_not_verified'],
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
