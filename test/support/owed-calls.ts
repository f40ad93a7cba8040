import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { openRosterDefects } from '../../src/db/reachability.ts';
import { twilioSmsGateway } from '../../src/notify/channels/twilio-sms-gateway.ts';
import { twilioVoiceGateway } from '../../src/notify/channels/twilio-voice-gateway.ts';
import type { SendingLimits } from '../../src/notify/dispatch-deps.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';
import { alertsIn } from './alert-fixture.ts';
import { useDatabase } from './database.ts';
import { twilioConfigFor, twilioVoiceConfigFor, usePhoneNetwork } from './phone-network.ts';
import { useTwilioWebhooks } from './twilio-webhooks.ts';

const NINE = new Date('2026-03-02T01:00:00Z');
export const NONE = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };
/** The auth token of before: it is being changed. */
export const OLD_TOKEN = 'token of before';
/** How long to wait for an answer, where none will come. */
export const BRIEFLY = { timeoutMs: 300 };
export const NOWHERE = 'http://127.0.0.1:9';

interface Plan {
  readonly language?: 'zh-CN' | 'en';
  readonly tier?: 1 | 2 | 3;
  /** Whether the same step asks by text as well. */
  readonly textBeside?: boolean;
}

interface RunOptions {
  readonly voiceToken?: string;
  readonly timeoutMs?: number;
  readonly callbacksTo?: string;
  readonly limits?: SendingLimits;
  /** Whether there is a voice gateway at all. */
  readonly voice?: boolean;
}

/** Calls that are owed, the network that makes them, and the webhooks that hear of them: of this test file's own. */
export function useOwedCalls() {
  const clock = handTurnedClock(NINE);
  const database = useDatabase();
  const phones = usePhoneNetwork(clock);
  const alerts = alertsIn(() => database.pool);
  const deps = () => ({ pool: database.pool, clock, log: createLogger('silent') });
  const account = { ...twilioVoiceConfigFor(''), previousAuthToken: new Secret(OLD_TOKEN) };
  const webhooks = useTwilioWebhooks(deps, account);

  /** What sends texts and calls as the service does. */
  function sending(options: RunOptions = {}) {
    const { voiceToken, callbacksTo = webhooks.publicBaseUrl, limits, voice = true, ...timeout } = options;
    const { url } = phones.network;
    const gateway = twilioSmsGateway({ config: twilioConfigFor(url), publicBaseUrl: callbacksTo, ...timeout });
    const config = twilioVoiceConfigFor(url, voiceToken);
    const calls = twilioVoiceGateway({ config, publicBaseUrl: callbacksTo, ...timeout });
    const { publicBaseUrl } = webhooks;
    return { ...deps(), gateway, publicBaseUrl, limits, ...(voice ? { voice: calls } : {}) };
  }

  return {
    clock,
    database,
    phones,
    alerts,
    deps,
    webhooks,
    sending,
    run: (options: RunOptions = {}) => dispatchOutbox(sending(options)),
    /** Sends what is due, and waits until every call is over. */
    runToTheEnd: async (options: RunOptions = {}) => {
      const tally = await dispatchOutbox(sending(options));
      await phones.network.settled();
      return tally;
    },
    afterMinutes: (minutes: number) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000)),

    /** A home with an open alert, about which one person is to be called. */
    owedCall: async ({ language = 'en', tier = 2, textBeside = false }: Plan = {}) => {
      const people = { neighbour: { role: 'contact', language } } as const;
      const alert = await alerts.open(clock.now(), people, { tier, resident: 'Rosa Gruber' });
      if (textBeside) await alert.owe('neighbour', 'contact');
      await alert.oweCall('neighbour', 'contact');
      const { id, phone } = alert.person('neighbour');
      return {
        ...alert,
        personId: id,
        phone,
        calls: () => phones.network.callsTo(phone),
        texts: () => phones.network.textsTo(phone),
        state: async () => {
          const text = 'select state from alert where id = $1';
          return (await database.pool.query<{ state: string }>(text, [alert.alertId])).rows[0]?.state;
        },
        defects: async () => (await openRosterDefects(database.pool)).filter(({ personId }) => personId === id),
      };
    },
  };
}
