import { describe, expect, it } from 'vitest';
import { callScriptIn } from '../../../simulator/phone-network/call-script.ts';
import { signatureOf } from '../../../simulator/phone-network/signature.ts';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { latestReplies } from '../../../src/db/inbound-replies.ts';
import { openGatewayFaults, openRosterDefects } from '../../../src/db/reachability.ts';
import { auditDeliveries } from '../../../src/notify/audit-deliveries.ts';
import { twilioSmsGateway } from '../../../src/notify/channels/twilio-sms-gateway.ts';
import { twilioVoiceGateway } from '../../../src/notify/channels/twilio-voice-gateway.ts';
import type { SendingLimits } from '../../../src/notify/dispatch-deps.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { recordKeyPress } from '../../../src/notify/record-key-press.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import { TWILIO_ACCOUNT, twilioConfigFor, twilioVoiceConfigFor, usePhoneNetwork } from '../../support/phone-network.ts';
import { useTwilioWebhooks } from '../../support/twilio-webhooks.ts';

const NINE = new Date('2026-03-02T01:00:00Z');
const NONE = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };
const clock = handTurnedClock(NINE);
const database = useDatabase();
const phones = usePhoneNetwork(clock);
const alerts = alertsIn(() => database.pool);
const deps = () => ({ pool: database.pool, clock, log: createLogger('silent') });
const OLD_TOKEN = 'token of before';
/** As the service has it while its token is being changed. */
const account = { ...twilioVoiceConfigFor(''), previousAuthToken: new Secret(OLD_TOKEN) };

const webhooks = useTwilioWebhooks(deps, account);

interface Plan {
  readonly language?: 'zh-CN' | 'en';
  readonly tier?: 1 | 2 | 3;
  /** Whether the same step asks by text as well. */
  readonly textBeside?: boolean;
}

async function owedCall({ language = 'en', tier = 2, textBeside = false }: Plan = {}) {
  const people = { neighbour: { role: 'contact', language } } as const;
  const alert = await alerts.open(clock.now(), people, { tier, resident: 'Rosa Gruber' });
  if (textBeside) await alert.owe('neighbour', 'contact');
  await alert.oweCall('neighbour', 'contact');
  const { id, phone } = alert.person('neighbour');
  return { ...alert, personId: id, phone, calls: () => phones.network.callsTo(phone) };
}

interface RunOptions {
  readonly voiceToken?: string;
  /** How long to wait for an answer, where none will come. */
  readonly timeoutMs?: number;
  readonly callbacksTo?: string;
  readonly limits?: SendingLimits;
  /** Whether there is a voice gateway at all. */
  readonly voice?: boolean;
}

function sending({ voiceToken, callbacksTo = webhooks.publicBaseUrl, limits, voice = true, ...timeout }: RunOptions = {}) {
  const { url } = phones.network;
  const gateway = twilioSmsGateway({ config: twilioConfigFor(url), publicBaseUrl: callbacksTo, ...timeout });
  const config = twilioVoiceConfigFor(url, voiceToken);
  const calls = twilioVoiceGateway({ config, publicBaseUrl: callbacksTo, ...timeout });
  const { publicBaseUrl } = webhooks;
  return { ...deps(), gateway, publicBaseUrl, limits, ...(voice ? { voice: calls } : {}) };
}
const run = (options: RunOptions = {}) => dispatchOutbox(sending(options));

const BRIEFLY = { timeoutMs: 300 };
const NOWHERE = 'http://127.0.0.1:9';
const afterMinutes = (minutes: number) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000));
const stateOf = async (alertId: number) => {
  const { rows } = await database.pool.query<{ state: string }>('select state from alert where id = $1', [alertId]);
  return rows[0]?.state;
};
const defectsOf = async (personId: number) =>
  (await openRosterDefects(database.pool)).filter((defect) => defect.personId === personId);

describe('a call through Twilio', () => {
  it.each([
    ['en', 'en-US', 'the resident G, home H'],
    ['zh-CN', 'cmn-CN', '姓G的住户，编号H'],
  ] as const)('says what it is about twice, in %s, and is over', async (language, voice, words) => {
    const call = await owedCall({ language });

    expect(await run()).toEqual({ ...NONE, sent: 1 });
    await phones.network.settled();

    const [made, ...more] = call.calls();
    expect(more).toEqual([]);
    expect(made?.from).toBe('+15005550006');
    const { says, languages } = callScriptIn(made?.twiml ?? '');
    expect(says).toHaveLength(2);
    expect(new Set(says).size).toBe(1);
    expect(languages).toEqual([voice, voice]);
    expect(says[0]).toContain(words);
    expect(says[0]).not.toMatch(/Rosa|Gruber|http/);
    expect(await call.deliveries()).toMatchObject([
      { status: 'delivered', gateway: 'twilio-voice', reference: made?.sid },
    ]);
    expect((await call.timeline()).toSorted()).toEqual(['text_delivered', 'text_sent']);
    expect(phones.network.textsTo(call.phone)).toEqual([]);
  });

  it.each([
    [{ kind: 'no_answer' }, 'not_answered'],
    [{ kind: 'busy' }, 'line_busy'],
    [{ kind: 'failed' }, 'unreachable'],
    [{ kind: 'failed', sipCode: 503 }, 'unreachable'],
    [{ kind: 'canceled' }, 'refused'],
  ] as const)('that nobody takes makes the next step due, and is no defect of the roster: %j', async (fate, cause) => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, fate);
    await run();
    await phones.network.settled();

    expect(await call.deliveries()).toMatchObject([{ status: 'undelivered', cause }]);
    expect(await call.outboxStates()).toEqual(['failed']);
    expect(await call.nextStepAt()).toEqual(clock.now());
    expect(await defectsOf(call.personId)).toEqual([]);
  });

  it('to a number that does not exist is a defect of the roster, which an answered call does not end', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'failed', sipCode: 404 }, { kind: 'answer' });
    await run();
    await phones.network.settled();
    expect(await defectsOf(call.personId)).toMatchObject([{ cause: 'unknown_handset' }]);

    await call.oweCall('neighbour', 'contact', 'check_request', 1);
    await run();
    await phones.network.settled();
    expect(await defectsOf(call.personId)).toHaveLength(1);

    await call.owe('neighbour', 'contact', 'check_request', 2);
    await run();
    await phones.network.settled();
    expect(await defectsOf(call.personId)).toEqual([]);
  });

  it('goes to nobody who wants to hear nothing', async () => {
    const call = await owedCall();
    await call.optOut('neighbour');
    expect(await run()).toEqual({ ...NONE, failed: 1 });
    expect(call.calls()).toEqual([]);
  });

  it('is not made about what is over', async () => {
    const call = await owedCall();
    await call.close('safe');
    expect(await run()).toEqual({ ...NONE, muted: 1 });
    expect(call.calls()).toEqual([]);
  });

  it('is only ever about what asks somebody: the database refuses any other', async () => {
    const call = await owedCall();
    await expect(call.oweCall('neighbour', 'contact', 'stand_down')).rejects.toThrow('outbox_spoken_check');
    await call.close('safe');
    await run();
  });

  it('leaves beside its text, each on record for itself', async () => {
    const call = await owedCall({ textBeside: true });
    expect(await run()).toEqual({ ...NONE, sent: 2 });
    await phones.network.settled();

    expect(phones.network.textsTo(call.phone)).toHaveLength(1);
    expect(call.calls()).toHaveLength(1);
    expect((await call.deliveries()).map(({ gateway }) => gateway)).toEqual(['twilio', 'twilio-voice']);
  });
});

describe('a call of unknown fate', () => {
  it('that Twilio made without answering is not made again: its receipts tell', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'hang' });
    await run(BRIEFLY);
    await phones.network.settled();
    afterMinutes(2);
    await run();

    expect(call.calls()).toHaveLength(1);
    expect(await call.deliveries()).toMatchObject([{ status: 'delivered' }]);
  });

  it.each([
    ['hang', { kind: 'hang' }],
    ['breaks after it took the call', { kind: 'broken', httpStatus: 500, isTaken: true }],
  ] as const)('is looked up when neither an answer nor a receipt came: %s', async (_, fate) => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, fate);

    expect(await run({ ...BRIEFLY, callbacksTo: NOWHERE })).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(2);
    expect(await run({ callbacksTo: NOWHERE })).toEqual({ ...NONE, sent: 1 });
    expect(call.calls()).toHaveLength(1);
    expect(await call.deliveries()).toMatchObject([{ status: 'accepted', reference: call.calls()[0]?.sid }]);
  });

  it('that never reached Twilio is made after Twilio was asked', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'swallow' }, { kind: 'answer' });

    expect(await run(BRIEFLY)).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(2);
    expect(await run()).toEqual({ ...NONE, postponed: 1 });
    expect(await run()).toEqual({ ...NONE, sent: 1 });
    expect(call.calls()).toHaveLength(1);
  });

  it('is made once more where the list is behind, flagged as such, and never a third time', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'hang' }, { kind: 'hang' }, { kind: 'answer' });
    await run({ ...BRIEFLY, callbacksTo: NOWHERE });
    for (let round = 0; round < 4; round += 1) {
      afterMinutes(2);
      phones.network.lagBehind(1);
      await run({ ...BRIEFLY, callbacksTo: NOWHERE });
    }

    expect(call.calls()).toHaveLength(2);
    expect((await call.deliveries()).map(({ maybeDuplicate }) => maybeDuplicate)).toEqual([false, true]);
  });

  it('is settled where nobody can be called any more: its reader is asked by text', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'swallow' });
    await run(BRIEFLY);
    afterMinutes(2);
    await run({ voice: false });
    await run({ voice: false });

    expect(phones.network.textsTo(call.phone)).toHaveLength(1);
    expect(await call.outboxStates()).toEqual(['sent']);
  });

  it('whose receipts never come is asked for: who did not pick up was not reached', async () => {
    const [taken, missed] = [await owedCall(), await owedCall()];
    phones.network.scriptCalls(taken.phone, { kind: 'answer', receipts: 'never' });
    phones.network.scriptCalls(missed.phone, { kind: 'no_answer', receipts: 'never' });
    await run();
    afterMinutes(6);

    expect(await auditDeliveries(sending())).toBeGreaterThanOrEqual(2);
    expect(await taken.deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect(await missed.deliveries()).toMatchObject([{ status: 'undelivered', cause: 'not_answered' }]);
    expect(await missed.nextStepAt()).toEqual(clock.now());
  });
});

describe('word of a call', () => {
  it.each(['before_answer', 'twice', 'reversed'] as const)('that comes %s changes nothing', async (receipts) => {
    const [taken, missed] = [await owedCall(), await owedCall()];
    phones.network.scriptCalls(taken.phone, { kind: 'answer', receipts });
    phones.network.scriptCalls(missed.phone, { kind: 'no_answer', receipts });
    await run();
    await phones.network.settled();

    expect(await taken.deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect((await taken.timeline()).toSorted()).toEqual(['text_delivered', 'text_sent']);
    expect(await missed.outboxStates()).toEqual(['failed']);
    expect((await missed.timeline()).filter((type) => type === 'hastened')).toHaveLength(1);
  });
});

describe('a call that Twilio does not take', () => {
  it.each([
    ['overloaded', { kind: 'overloaded' }],
    ['out of order', { kind: 'broken', httpStatus: 503 }],
    ['not allowed to call there', { kind: 'reject', code: 21_215, httpStatus: 400 }],
  ] as const)('leaves as a text at once: %s', async (_, fate) => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, fate);

    expect(await run()).toEqual({ ...NONE, sent: 1 });
    await phones.network.settled();
    const [text, ...more] = phones.network.textsTo(call.phone);
    expect(more).toEqual([]);
    expect(text?.body).toContain(`${webhooks.publicBaseUrl}/v/`);
    expect(call.calls()).toEqual([]);
    expect((await call.deliveries()).map(({ gateway, status }) => [gateway, status])).toEqual([
      ['twilio-voice', 'failed'],
      ['twilio', 'delivered'],
    ]);
  });

  it('waits and is made later where its text is on its way: nobody gets that twice', async () => {
    const call = await owedCall({ textBeside: true });
    phones.network.scriptCalls(call.phone, { kind: 'overloaded' }, { kind: 'answer' });

    expect(await run()).toEqual({ ...NONE, sent: 1, postponed: 1 });
    afterMinutes(1);
    expect(await run()).toEqual({ ...NONE, sent: 1 });
    await phones.network.settled();
    expect(phones.network.textsTo(call.phone)).toHaveLength(1);
    expect(call.calls()).toHaveLength(1);
  });

  it('because it does not know our account is told, and leaves as a text', async () => {
    const call = await owedCall();
    expect(await run({ voiceToken: 'a wrong token' })).toEqual({ ...NONE, sent: 1 });
    await phones.network.settled();

    expect(phones.network.textsTo(call.phone)).toHaveLength(1);
    expect(await openGatewayFaults(database.pool)).toMatchObject([{ gateway: 'twilio-voice', cause: 'account_refused' }]);
    await owedCall();
    await run();
    expect(await openGatewayFaults(database.pool)).toEqual([]);
  });

  it('because there is no such number fails, and the next person is asked', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'reject', code: 21_211, httpStatus: 400 });
    expect(await run()).toEqual({ ...NONE, failed: 1 });
    expect(await call.timeline()).toEqual(['text_failed', 'hastened']);
    expect(phones.network.textsTo(call.phone)).toEqual([]);
  });
});

describe('without a voice gateway', () => {
  it('a call leaves as a text, with the way to the page', async () => {
    const call = await owedCall();
    expect(await run({ voice: false })).toEqual({ ...NONE, sent: 1 });
    await phones.network.settled();

    const [text] = phones.network.textsTo(call.phone);
    expect(text?.body).toContain(`${webhooks.publicBaseUrl}/v/`);
    expect(await call.outboxStates()).toEqual(['sent']);
    expect(await call.deliveries()).toMatchObject([{ gateway: 'twilio', status: 'delivered' }]);
  });

  it('a call beside a text is left out: the text says the same, and leaves once', async () => {
    const call = await owedCall({ textBeside: true });
    expect(await run({ voice: false })).toEqual({ ...NONE, sent: 1, muted: 1 });
    await phones.network.settled();

    expect(phones.network.textsTo(call.phone)).toHaveLength(1);
    expect(await call.outboxStates()).toEqual(['sent', 'muted']);
    expect(await run({ voice: false })).toEqual(NONE);
  });
});

describe('limits', () => {
  const caps = { perNumberAnHour: 2, perHour: 10_000, reserve: 0.2 };
  /** All day but its last minute, by the clocks of the homes. */
  const quietHours = { fromMinute: 0, untilMinute: 24 * 60 - 1 };

  it('count calls to a number with its texts, and hold what is over', async () => {
    const call = await owedCall();
    await call.owe('neighbour', 'contact', 'check_request', 1);
    await run({ limits: { caps } });
    await call.oweCall('neighbour', 'contact', 'check_request', 2);

    expect(await run({ limits: { caps } })).toEqual({ ...NONE, held: 1 });
    expect(call.calls()).toHaveLength(1);
    afterMinutes(61);
    expect(await run({ limits: { caps } })).toEqual({ ...NONE, sent: 1 });
    expect(call.calls()).toHaveLength(2);
  });

  it('never make one call of two: each home is asked about by itself', async () => {
    const one = await owedCall();
    const other = await alerts.open(clock.now(), {});
    await other.oweTo(one.personId, 'contact');
    const third = await alerts.open(clock.now(), {});
    await third.oweTo(one.personId, 'contact');

    expect(await run({ limits: { caps } })).toEqual({ ...NONE, sent: 3 });
    await phones.network.settled();
    expect(one.calls()).toHaveLength(1);
    const [text, ...more] = phones.network.textsTo(one.phone);
    expect(more).toEqual([]);
    expect(text?.body).toContain(other.code);
    expect(text?.body).toContain(third.code);
    expect(text?.body).not.toContain(one.code);
  });

  it('let people sleep, but not where a home is most at risk', async () => {
    const [ordinary, atRisk] = [await owedCall(), await owedCall({ tier: 1 })];
    expect(await run({ limits: { quietHours } })).toEqual({ ...NONE, sent: 1, held: 1 });
    expect(ordinary.calls()).toEqual([]);
    expect(atRisk.calls()).toHaveLength(1);
    await ordinary.close('safe');
  });
});

describe('a key that is pressed', () => {
  it.each([
    ['en', 'Thank you.'],
    ['zh-CN', '谢谢您！'],
  ] as const)('claims the alert when it is 1, and is thanked for in %s', async (language, thanks) => {
    const call = await owedCall({ language });
    phones.network.scriptCalls(call.phone, { kind: 'answer', key: '1' });
    await run();
    await phones.network.settled();

    const [made] = call.calls();
    expect(made?.answer?.status).toBe(200);
    expect(callScriptIn(made?.answer?.body ?? '').says[0]).toContain(thanks);
    expect(await stateOf(call.alertId)).toBe('claimed');
    expect((await call.timeline()).toSorted()).toEqual(['claimed', 'replied', 'text_delivered', 'text_sent']);
    expect(await call.outboxStates()).toEqual(['sent']);
  });

  it('claims the alert of its call, whatever else its owner was asked about', async () => {
    const call = await owedCall();
    const other = await alerts.open(clock.now(), {});
    await other.oweTo(call.personId, 'contact');
    phones.network.scriptCalls(call.phone, { kind: 'answer', key: '1' });
    await run();
    await phones.network.settled();

    expect(await stateOf(call.alertId)).toBe('claimed');
    expect(await stateOf(other.alertId)).toBe('open');
    expect(await other.timeline()).not.toContain('replied');
  });

  it.each(['2', '9', '*', '#'])('is kept for people when it is another: %s', async (key) => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'answer', key });
    await run();
    await phones.network.settled();

    expect(call.calls()[0]?.answer?.status).toBe(200);
    expect(await stateOf(call.alertId)).toBe('open');
    expect(await call.timeline()).toContain('replied');
    const [latest] = await latestReplies(database.pool, { all: false, limit: 1 });
    expect(latest).toMatchObject({ body: key, meaning: 'none', result: 'kept', phone: call.phone, alertId: call.alertId });
  });

  it('claims even before Twilio has said that it took the call', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'answer', key: '1', receipts: 'before_answer' });
    await run();
    expect(await stateOf(call.alertId)).toBe('claimed');
  });

  async function endedCall() {
    const call = await owedCall();
    await run();
    await phones.network.settled();
    const [attempt] = await call.deliveries();
    const form = { CallSid: attempt?.reference ?? '', To: call.phone, From: '+15005550006', Digits: '1' };
    const press = (token: string, { digits = '1', url = `/webhooks/twilio/key?delivery=${attempt?.id}` } = {}) => {
      const sent = { ...form, Digits: digits };
      return webhooks.app.inject({
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signatureOf(token, `${webhooks.publicBaseUrl}/webhooks/twilio/key?delivery=${attempt?.id}`, sent),
        },
        payload: new URLSearchParams(sent).toString(),
      });
    };
    return { ...call, attempt, press };
  }

  it('that is forged gets 403 and changes nothing', async () => {
    const call = await endedCall();
    const before = await call.timeline();
    const other = await endedCall();

    expect((await call.press('a guess')).statusCode).toBe(403);
    const elsewhere = `/webhooks/twilio/key?delivery=${other.attempt?.id}`;
    expect((await call.press(TWILIO_ACCOUNT.authToken, { url: elsewhere })).statusCode).toBe(403);
    const bare = { method: 'POST', url: '/webhooks/twilio/key?delivery=1', payload: {} } as const;
    expect((await webhooks.app.inject(bare)).statusCode).toBe(403);
    expect(await stateOf(call.alertId)).toBe('open');
    expect(await stateOf(other.alertId)).toBe('open');
    expect(await call.timeline()).toEqual(before);
  });

  it.each([TWILIO_ACCOUNT.authToken, OLD_TOKEN])('is believed with either token of a rotation', async (token) => {
    const call = await endedCall();
    expect((await call.press(token)).statusCode).toBe(200);
    expect(await stateOf(call.alertId)).toBe('claimed');
  });

  it('changes nothing the second time it is brought', async () => {
    const call = await endedCall();
    await call.press(TWILIO_ACCOUNT.authToken);
    expect((await call.press(TWILIO_ACCOUNT.authToken)).statusCode).toBe(200);
    expect((await call.timeline()).filter((type) => type === 'replied')).toHaveLength(1);
  });

  it('after all is over is kept, and said to be so', async () => {
    const call = await endedCall();
    await call.close('safe');
    expect((await call.press(TWILIO_ACCOUNT.authToken)).statusCode).toBe(200);
    const [latest] = await latestReplies(database.pool, { all: false, limit: 1 });
    expect(latest).toMatchObject({ meaning: 'coming', result: 'refused', alertId: call.alertId });
  });

  it('in a call that is not ours is left to people', async () => {
    const press = { gateway: 'twilio-voice', reference: 'CAx', deliveryId: 999_999, to: '+8613999999999', keys: '1' };
    expect(await recordKeyPress(deps(), press)).toMatchObject({ result: 'unmatched' });
  });
});
