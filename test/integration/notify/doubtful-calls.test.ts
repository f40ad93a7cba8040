import { describe, expect, it } from 'vitest';
import { openGatewayFaults } from '../../../src/db/reachability.ts';
import { auditDeliveries } from '../../../src/notify/audit-deliveries.ts';
import { BRIEFLY, NONE, NOWHERE, useOwedCalls } from '../../support/owed-calls.ts';

const { database, phones, clock, webhooks, owedCall, sending, run, runToTheEnd, afterMinutes } = useOwedCalls();

describe('a call of unknown fate', () => {
  it('that Twilio made without answering is not made again: its receipts tell', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'hang' });
    await runToTheEnd(BRIEFLY);
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

    expect(call.texts()).toHaveLength(1);
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
    await runToTheEnd();

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

    expect(await runToTheEnd()).toEqual({ ...NONE, sent: 1 });
    const [text, ...more] = call.texts();
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
    expect(await runToTheEnd()).toEqual({ ...NONE, sent: 1 });
    expect(call.texts()).toHaveLength(1);
    expect(call.calls()).toHaveLength(1);
  });

  it('because it does not know our account is told, and leaves as a text', async () => {
    const call = await owedCall();
    expect(await runToTheEnd({ voiceToken: 'a wrong token' })).toEqual({ ...NONE, sent: 1 });

    expect(call.texts()).toHaveLength(1);
    expect(await openGatewayFaults(database.pool)).toMatchObject([
      { gateway: 'twilio-voice', cause: 'account_refused' },
    ]);
    await owedCall();
    await run();
    expect(await openGatewayFaults(database.pool)).toEqual([]);
  });

  it('because there is no such number fails, and the next person is asked', async () => {
    const call = await owedCall();
    phones.network.scriptCalls(call.phone, { kind: 'reject', code: 21_211, httpStatus: 400 });
    expect(await run()).toEqual({ ...NONE, failed: 1 });
    expect(await call.timeline()).toEqual(['text_failed', 'hastened']);
    expect(call.texts()).toEqual([]);
  });
});
