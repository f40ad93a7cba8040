import twilio from 'twilio';
import type { TwilioAccount } from '../../config/sms-config.ts';

/** A form as it came, with the signature that came with it. */
export interface SignedForm {
  readonly signature: string;
  readonly form: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Tells Twilio's calls on our webhooks from forged ones by their signature over the public address, whatever a proxy made
 * of it. While the auth token is being changed the one before is believed too.
 */
export function signatureCheck({
  authToken,
  previousAuthToken,
}: Pick<TwilioAccount, 'authToken' | 'previousAuthToken'>): (url: string, call: SignedForm) => boolean {
  const tokens = [authToken, ...(previousAuthToken ? [previousAuthToken] : [])];
  return (url, { signature, form }) =>
    tokens.some((token) => twilio.validateRequest(token.reveal(), signature, url, form));
}
