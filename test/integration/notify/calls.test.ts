import { describe, expect, it } from 'vitest';
import { callScriptIn } from '../../../simulator/phone-network/call-script.ts';
import { NONE, useOwedCalls } from '../../support/owed-calls.ts';

const { phones, alerts, clock, webhooks, owedCall, run, runToTheEnd, afterMinutes } = useOwedCalls();

describe('a call through Twilio', () => {
  it.each([
    ['en', 'en-US', 'the resident G, home H'],
    ['zh-CN', 'cmn-CN', '姓G的住户，编号H'],
  ] as const)('says what it is about twice, in %s, and is over', async (language, voice, words) => {
    const call = await owedCall({ language });

    expect(await runToTheEnd()).toEqual({ ...NONE, sent: 1 });

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
    expect(call.texts()).toEqual([]);
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
    await runToTheEnd();

    expect(await call.deliveries()).toMatchObject([{ status: 'undelivered', cause }]);
    expect(await call.outboxStates()).toEqual(['failed']);
    expect(await call.nextStepAt()).toEqual(clock.now());
    expect(await call.defects()).toEqual([]);
  });

  it('to a number that does not exist is a defect of the roster, which an answered call does not end', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'failed', sipCode: 404 }, { kind: 'answer' });
    await runToTheEnd();
    expect(await call.defects()).toMatchObject([{ cause: 'unknown_handset' }]);

    await call.oweCall('neighbour', 'contact', 'check_request', 1);
    await runToTheEnd();
    expect(await call.defects()).toHaveLength(1);

    await call.owe('neighbour', 'contact', 'check_request', 2);
    await runToTheEnd();
    expect(await call.defects()).toEqual([]);
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
    expect(await runToTheEnd()).toEqual({ ...NONE, sent: 2 });

    expect(call.texts()).toHaveLength(1);
    expect(call.calls()).toHaveLength(1);
    expect((await call.deliveries()).map(({ gateway }) => gateway)).toEqual(['twilio', 'twilio-voice']);
  });
});

describe('without a voice gateway', () => {
  it('a call leaves as a text, with the way to the page', async () => {
    const call = await owedCall();
    expect(await runToTheEnd({ voice: false })).toEqual({ ...NONE, sent: 1 });

    const [text] = call.texts();
    expect(text?.body).toContain(`${webhooks.publicBaseUrl}/v/`);
    expect(await call.outboxStates()).toEqual(['sent']);
    expect(await call.deliveries()).toMatchObject([{ gateway: 'twilio', status: 'delivered' }]);
  });

  it('a call beside a text is left out: the text says the same, and leaves once', async () => {
    const call = await owedCall({ textBeside: true });
    expect(await runToTheEnd({ voice: false })).toEqual({ ...NONE, sent: 1, muted: 1 });

    expect(call.texts()).toHaveLength(1);
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

    expect(await runToTheEnd({ limits: { caps } })).toEqual({ ...NONE, sent: 3 });
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
