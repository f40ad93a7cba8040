/** Why a message, or a part of it, could not be taken as readings. */
export const QUARANTINE_REASONS = [
  'unknown_topic',
  'too_large',
  'not_json',
  'schema_mismatch',
  'from_the_future',
  'too_old',
  'identity_mismatch',
  'unknown_meter',
  'decoder_failed',
  'database_refused',
] as const;

export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];
