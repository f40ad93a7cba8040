/**
 * Whom a failure is about, and so what happens next: `text` is final for this text, and the next person is asked at
 * once; `account` is the operator's to mend, and the text waits for it; `passing` is tried again a bounded number of
 * times.
 */
export type FailureScope = 'text' | 'account' | 'passing';

const SCOPES = {
  invalid_number: 'text',
  not_mobile: 'text',
  opted_out: 'text',
  region_not_permitted: 'text',
  unknown_handset: 'text',
  unreachable: 'text',
  carrier_refused: 'text',
  content_blocked: 'text',
  refused: 'text',
  not_found_at_gateway: 'text',
  account_refused: 'account',
  account_suspended: 'account',
  recipient_not_verified: 'account',
  sender_invalid: 'account',
  rate_limited: 'passing',
  gateway_unavailable: 'passing',
  not_connected: 'passing',
} as const satisfies Readonly<Record<string, FailureScope>>;

/** Why a text could not be sent or did not arrive, in words that hold for every gateway. */
export type FailureCause = keyof typeof SCOPES;

export function scopeOf(cause: FailureCause): FailureScope {
  return SCOPES[cause];
}
