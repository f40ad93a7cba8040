import { afterAll, beforeAll } from 'vitest';
import { type PhoneNetwork, startPhoneNetwork } from '../../simulator/phone-network/phone-network.ts';
import type { TwilioAccount, TwilioConfig, TwilioVoiceConfig } from '../../src/config/sms-config.ts';
import type { Clock } from '../../src/core/clock.ts';
import { Secret } from '../../src/core/secret.ts';

export const TWILIO_ACCOUNT = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'token of the stand-in' };

/** A phone network of this test file's own. Read it inside tests and hooks. */
export function usePhoneNetwork(clock: Clock): { readonly network: PhoneNetwork } {
  let network: PhoneNetwork | undefined;
  beforeAll(async () => {
    network = await startPhoneNetwork({ ...TWILIO_ACCOUNT, now: clock.now });
  });
  afterAll(async () => {
    await network?.stop();
  });
  return {
    get network() {
      if (!network) throw new Error('the phone network exists only while tests run');
      return network;
    },
  };
}

/** The settings of a service whose Twilio is at `baseUrl`. */
export function twilioConfigFor(baseUrl: string, authToken = TWILIO_ACCOUNT.authToken): TwilioConfig {
  return {
    driver: 'twilio',
    ...accountAt(baseUrl, authToken),
    sender: { messagingServiceSid: `MG${'0'.repeat(32)}` },
    links: 'any',
  };
}

/** The settings of a service whose calls are made by a Twilio at `baseUrl`. */
export function twilioVoiceConfigFor(baseUrl: string, authToken = TWILIO_ACCOUNT.authToken): TwilioVoiceConfig {
  return {
    driver: 'twilio',
    ...accountAt(baseUrl, authToken),
    from: '+15005550006',
  };
}

function accountAt(baseUrl: string, authToken: string): TwilioAccount {
  const { accountSid } = TWILIO_ACCOUNT;
  return { baseUrl, accountSid, authToken: new Secret(authToken), previousAuthToken: undefined };
}
