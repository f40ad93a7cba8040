import { describe, expect, it } from 'vitest';
import type { HandTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import { twilioVoiceGateway } from '../../src/notify/channels/twilio-voice-gateway.ts';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';
import { twilioVoiceConfigFor, usePhoneNetwork } from '../support/phone-network.ts';
import { useTwilioWebhooks } from '../support/twilio-webhooks.ts';

const MONDAY = new Date('2026-03-02T00:00:00Z');
/** A text at first; ten minutes later a call to the same person; then the next one, by both. */
const FILE = JSON.stringify({
  tiers: Object.fromEntries(
    [1, 2, 3].map((tier) => [
      tier,
      {
        escalation: {
          name: 'with a call',
          steps: [
            { afterMinutes: 0, ask: [{ role: 'guardian', position: 1 }] },
            { afterMinutes: 10, ask: [{ role: 'guardian', position: 1 }], channels: ['voice'] },
            { afterMinutes: 40, ask: [{ role: 'guardian', position: 2 }], channels: ['voice'] },
            { afterMinutes: 70, ask: [{ role: 'desk', position: 1 }], channels: ['sms', 'voice'] },
          ],
          repeatLastEveryMinutes: 15,
          claimLapsesAfterMinutes: 60,
        },
      },
    ]),
  ),
});

const database = useDatabase();
let clock: HandTurnedClock | undefined;
const now = () => (clock ? clock.now() : MONDAY);
const phones = usePhoneNetwork({ now });
const deps = () => ({ pool: database.pool, clock: { now }, log: createLogger('silent') });
const webhooks = useTwilioWebhooks(deps, twilioVoiceConfigFor(''));

let homes = 0;
/** A home where nothing has been used for a day, and its guardian has just been texted. */
async function stillHome({ canCall = true } = {}) {
  homes += 1;
  const { publicBaseUrl } = webhooks;
  const voice = twilioVoiceGateway({ config: twilioVoiceConfigFor(phones.network.url), publicBaseUrl });
  const policies = tierPolicies(parsePolicyFile(FILE, 'policy.json').tiers);
  const street = neighbourhood(database, MONDAY, policies, canCall ? voice : undefined);
  clock = street.clock;
  const home = await street.home({
    code: `SW-3${homes}`,
    people: {
      daughter: { role: 'guardian', language: 'en' },
      son: { role: 'guardian', position: 2 },
      desk: { role: 'desk' },
    },
  });
  await street.hours(home, ...each(10, 8), ...each(24, 0));
  street.expectTexts('daughter');
  const callsTo = (name: string) => phones.network.callsTo(home.people[name]!.phone);
  const script = (
    name: string,
    ...fates: Parameters<typeof phones.network.scriptCalls> extends [string, ...infer F] ? F : never
  ) => phones.network.scriptCalls(home.people[name]!.phone, ...fates);
  return { street, home, callsTo, script };
}

describe('a policy that calls', () => {
  it('calls who did not answer the text, and asks the next person at once when nobody picks up', async () => {
    const { street, home, callsTo, script } = await stillHome();
    script('daughter', { kind: 'no_answer' });

    await street.minutes(5);
    expect(callsTo('daughter')).toHaveLength(0);
    await street.minutes(5);
    await phones.network.settled();
    expect(callsTo('daughter')).toHaveLength(1);
    street.expectTexts();

    // The next step would have come half an hour later. Who was never asked before gets the way to the page as well.
    await street.minutes(1);
    await phones.network.settled();
    street.expectTexts('son');
    expect(callsTo('son')).toHaveLength(1);
    expect(await street.alertOf(home)).toMatchObject({ state: 'open', step: 2 });

    await street.answers(home, 'son', 'safe');
    street.expectTexts('daughter', 'son');
    await street.endsInSilence();
    expect([callsTo('daughter').length, callsTo('son').length, callsTo('desk').length]).toEqual([1, 1, 0]);
  });

  it('holds the next step back when a key says that somebody is on their way', async () => {
    const { street, home, callsTo, script } = await stillHome();
    script('daughter', { kind: 'answer', key: '1' });
    await street.minutes(10);
    await phones.network.settled();

    expect(callsTo('daughter')).toHaveLength(1);
    expect(await street.alertOf(home)).toMatchObject({ state: 'claimed', claimed_by: home.people['daughter']!.id });
    await street.minutes(50);
    street.expectTexts();
    expect(callsTo('son')).toHaveLength(0);

    await street.answers(home, 'daughter', 'safe');
    street.expectTexts('daughter');
    await street.endsInSilence();
  });

  it('goes on by its own times when somebody listens and presses nothing', async () => {
    const { street, home, callsTo } = await stillHome();
    await street.minutes(10);
    await phones.network.settled();
    expect(callsTo('daughter')).toHaveLength(1);
    await street.minutes(25);
    expect(callsTo('son')).toHaveLength(0);
    await street.minutes(5);
    street.expectTexts('son');
    expect(callsTo('son')).toHaveLength(1);

    await street.answers(home, 'son', 'safe');
    street.expectTexts('daughter', 'son');
    await street.endsInSilence();
  });

  it('calls and texts the desk again and again where every line is busy, and never in a loop', async () => {
    const { street, home, callsTo, script } = await stillHome();
    for (const name of ['daughter', 'son', 'desk']) script(name, { kind: 'busy' });
    for (let minute = 0; minute < 100; minute += 5) {
      await street.minutes(5);
      await phones.network.settled();
    }
    // 10 and 15 min: both guardians are busy; from 20 min on the desk, every 15 min.
    expect([callsTo('daughter').length, callsTo('son').length, callsTo('desk').length]).toEqual([1, 1, 6]);
    street.expectTexts('son', ...each(6, 0).map(() => 'desk'));
    await street.answers(home, 'desk', 'safe');
    street.expectTexts('daughter', 'desk', 'son');
    await street.endsInSilence();
  });

  it('tells of an emergency by text and, where the step that was reached calls, by a call', async () => {
    const { street, home, callsTo } = await stillHome();
    await street.minutes(10);
    await phones.network.settled();
    await street.answers(home, 'daughter', 'needs_help');
    await phones.network.settled();

    street.expectTexts('daughter', 'son', 'desk');
    expect(callsTo('son')).toHaveLength(1);
    expect(callsTo('son')[0]?.twiml).toContain('需要帮助');
    expect(callsTo('desk')).toHaveLength(1);
    await street.answers(home, 'desk', 'safe');
    street.expectTexts('daughter', 'son', 'desk');
    await street.endsInSilence();
  });

  it('loses nothing where nobody can be called: every call is a text, and where one is owed beside it there is one', async () => {
    const { street, home, callsTo } = await stillHome({ canCall: false });
    await street.minutes(10);
    street.expectTexts('daughter');
    await street.minutes(30);
    street.expectTexts('son');
    await street.minutes(30);
    street.expectTexts('desk');

    expect([...callsTo('daughter'), ...callsTo('son'), ...callsTo('desk')]).toEqual([]);
    const { rows } = await database.pool.query(
      `select 1 from outbox where state in ('waiting', 'sending') and alert_id = $1`,
      [(await street.alertOf(home))?.['id']],
    );
    expect(rows).toEqual([]);
    await street.answers(home, 'desk', 'safe');
    street.expectTexts('daughter', 'desk', 'son');
    await street.endsInSilence();
  });
});
