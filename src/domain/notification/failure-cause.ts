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
  not_answered: 'text',
  line_busy: 'text',
  carrier_refused: 'text',
  content_blocked: 'text',
  content_refused: 'text',
  refused: 'text',
  not_found_at_gateway: 'text',
  fate_unknown: 'text',
  account_refused: 'account',
  account_suspended: 'account',
  recipient_not_verified: 'account',
  sender_invalid: 'account',
  template_invalid: 'account',
  balance_empty: 'account',
  rate_limited: 'passing',
  gateway_unavailable: 'passing',
  not_connected: 'passing',
  woke_too_late: 'passing',
} as const satisfies Readonly<Record<string, FailureScope>>;

/** Why a text could not be sent or did not arrive, in words that hold for every gateway. */
export type FailureCause = keyof typeof SCOPES;

export function scopeOf(cause: FailureCause): FailureScope {
  return SCOPES[cause];
}

const ABOUT_NUMBER: ReadonlySet<FailureCause> = new Set<FailureCause>([
  'invalid_number',
  'not_mobile',
  'opted_out',
  'region_not_permitted',
  'unknown_handset',
]);

/** Whether no text can ever reach the number: the roster is at fault, not this text. */
export function isAboutNumber(cause: FailureCause): boolean {
  return ABOUT_NUMBER.has(cause);
}

const ABOUT_CONTENT: ReadonlySet<FailureCause> = new Set<FailureCause>(['content_blocked', 'content_refused']);

/** Whether another gateway may take the text that this one surely did not take: its account, its moment, its rules. */
export function passesToNextGateway(cause: FailureCause): boolean {
  return scopeOf(cause) !== 'text' || ABOUT_CONTENT.has(cause);
}
