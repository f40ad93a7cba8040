import { describe, expect, it } from 'vitest';
import { callScriptIn } from '../../../simulator/phone-network/call-script.ts';
import { signatureOf } from '../../../simulator/phone-network/signature.ts';
import { latestReplies } from '../../../src/db/inbound-replies.ts';
import { recordKeyPress } from '../../../src/notify/record-key-press.ts';
import { OLD_TOKEN, useOwedCalls } from '../../support/owed-calls.ts';
import { TWILIO_ACCOUNT } from '../../support/phone-network.ts';

const { database, phones, alerts, clock, deps, webhooks, owedCall, run, runToTheEnd } = useOwedCalls();

describe('a key that is pressed', () => {
  it.each([
    ['en', 'Thank you.'],
    ['zh-CN', '谢谢您！'],
  ] as const)('claims the alert when it is 1, and is thanked for in %s', async (language, thanks) => {
    const call = await owedCall({ language });
    phones.network.scriptCalls(call.phone, { kind: 'answer', key: '1' });
    await runToTheEnd();

    const [made] = call.calls();
    expect(made?.answer?.status).toBe(200);
    expect(callScriptIn(made?.answer?.body ?? '').says[0]).toContain(thanks);
    expect(await call.state()).toBe('claimed');
    expect((await call.timeline()).toSorted()).toEqual(['claimed', 'replied', 'text_delivered', 'text_sent']);
    expect(await call.outboxStates()).toEqual(['sent']);
  });

  it('claims the alert of its call, whatever else its owner was asked about', async () => {
    const call = await owedCall();
    const other = await alerts.open(clock.now(), {});
    await other.oweTo(call.personId, 'contact');
    phones.network.scriptCalls(call.phone, { kind: 'answer', key: '1' });
    await runToTheEnd();

    expect(await call.state()).toBe('claimed');
    expect(await other.timeline()).toEqual(['text_sent', 'text_delivered']);
  });

  it.each(['2', '9', '*', '#'])('is kept for people when it is another: %s', async (key) => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'answer', key });
    await runToTheEnd();

    expect(call.calls()[0]?.answer?.status).toBe(200);
    expect(await call.state()).toBe('open');
    expect(await call.timeline()).toContain('replied');
    const [latest] = await latestReplies(database.pool, { all: false, limit: 1 });
    expect(latest).toMatchObject({
      body: key,
      meaning: 'none',
      result: 'kept',
      phone: call.phone,
      alertId: call.alertId,
    });
  });

  it('claims even before Twilio has said that it took the call', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'answer', key: '1', receipts: 'before_answer' });
    await run();
    expect(await call.state()).toBe('claimed');
  });

  async function endedCall() {
    const call = await owedCall();
    await runToTheEnd();
    const [attempt] = await call.deliveries();
    const form = { CallSid: attempt?.reference ?? '', To: call.phone, From: '+15005550006', Digits: '1' };
    const press = (token: string, { digits = '1', url = `/webhooks/twilio/key?delivery=${attempt?.id}` } = {}) => {
      const sent = { ...form, Digits: digits };
      return webhooks.app.inject({
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signatureOf(
            token,
            `${webhooks.publicBaseUrl}/webhooks/twilio/key?delivery=${attempt?.id}`,
            sent,
          ),
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
    expect(await call.state()).toBe('open');
    expect(await other.state()).toBe('open');
    expect(await call.timeline()).toEqual(before);
  });

  it.each([TWILIO_ACCOUNT.authToken, OLD_TOKEN])('is believed with either token of a rotation', async (token) => {
    const call = await endedCall();
    expect((await call.press(token)).statusCode).toBe(200);
    expect(await call.state()).toBe('claimed');
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
