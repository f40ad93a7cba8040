import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock, type HandTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { recordReceipt } from '../../../src/notify/record-receipt.ts';
import { leaseDueTexts } from '../../../src/db/outbox-leases.ts';
import { inTransaction } from '../../../src/db/sql.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import {
  type GatewayScript,
  referenceOf,
  type ScriptedGateway,
  scriptedGateway,
} from '../../support/scripted-gateway.ts';

const database = useDatabase();
const alerts = alertsIn(() => database.pool);
const NINE = new Date('2026-03-02T01:00:00Z');
const NONE = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };
const log = createLogger('silent');

let clock: HandTurnedClock;
beforeEach(() => {
  clock = handTurnedClock(NINE);
});

const afterMinutes = (minutes: number) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000));
const deps = () => ({ pool: database.pool, clock, log });
const run = (gateway: ScriptedGateway) =>
  dispatchOutbox({ ...deps(), gateway, publicBaseUrl: 'https://sw.example.org' });

async function owedText() {
  const alert = await alerts.open(NINE, { daughter: { role: 'guardian' } });
  await alert.owe('daughter', 'guardian');
  return alert;
}

/** A dispatcher dies after the gateway took the text and before that was written down; two minutes pass. */
async function dieAfterHandingOver(): Promise<void> {
  const dying = scriptedGateway({
    outcome: () => {
      throw new Error('killed');
    },
  });
  await run(dying);
  afterMinutes(2);
}

const found = (...references: string[]): GatewayScript => ({ lookup: () => Promise.resolve(references) });

describe('a dispatcher that dies between the gateway and the record', () => {
  it('leaves a text that is sent once more, flagged, where the gateway cannot be asked, and never a third time', async () => {
    const alert = await owedText();
    await dieAfterHandingOver();

    const deaf = scriptedGateway({ outcome: () => ({ kind: 'unknown' }) });
    expect(await run(deaf)).toEqual({ ...NONE, postponed: 1 });
    expect(await run(deaf)).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(2);
    const third = scriptedGateway();
    expect(await run(third)).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(60);
    expect(await run(third)).toEqual(NONE);
    expect(third.sent).toEqual([]);
    expect(await alert.deliveries()).toMatchObject([
      { status: 'failed', cause: 'fate_unknown', maybeDuplicate: false },
      { status: 'unknown', maybeDuplicate: true },
    ]);
    expect(await alert.nextStepAt()).toEqual(new Date('2026-03-02T01:15:00Z'));
  });

  it('leaves a text that is not repeated when its receipt came, when all is over, or when it only tells', async () => {
    const [received, over, telling] = [await owedText(), await owedText(), await owedText()];
    await dieAfterHandingOver();
    const [{ id: deliveryId } = { id: 0 }] = await received.deliveries();
    await recordReceipt(deps(), { gateway: 'scripted', reference: 'r-1', status: 'delivered', deliveryId });
    await over.close('safe');
    await database.pool.query(`update outbox set intent = 'recovered' where alert_id = $1`, [telling.alertId]);
    const gateway = scriptedGateway();

    expect(await run(gateway)).toEqual({ ...NONE, unknown: 1, postponed: 1 });
    expect(await run(gateway)).toEqual({ ...NONE, muted: 1 });
    expect(gateway.sent).toEqual([]);
  });

  it('leaves somebody who may have been asked, and is told when all is over, where the gateway cannot be asked', async () => {
    const alert = await owedText();
    await dieAfterHandingOver();
    await alert.close('safe');
    await alert.owe('daughter', 'guardian', 'stand_down');
    const gateway = scriptedGateway();

    await run(gateway);
    await run(gateway);
    expect(gateway.sent.map(({ intent }) => intent)).toEqual(['stand_down']);
  });

  it('leaves a text that is found at the gateway, and was sent', async () => {
    const alert = await owedText();
    await dieAfterHandingOver();
    const gateway = scriptedGateway(found('found-1'));

    expect(await run(gateway)).toEqual({ ...NONE, sent: 1 });
    expect(gateway.sent).toEqual([]);
    expect(await alert.deliveries()).toMatchObject([{ status: 'accepted', reference: 'found-1' }]);
    expect(await alert.timeline()).toEqual(['text_sent']);
  });

  it('does not take an earlier text to the same phone for the lost one', async () => {
    const alert = await owedText();
    await run(scriptedGateway());
    const [earlier] = await alert.deliveries();
    await alert.owe('daughter', 'guardian', 'check_request', 1);
    await dieAfterHandingOver();
    const gateway = scriptedGateway(found(referenceOf({ deliveryId: earlier?.id ?? 0 })));

    expect(await run(gateway)).toEqual({ ...NONE, postponed: 1 });
    expect(await run(gateway)).toEqual({ ...NONE, sent: 1 });
    expect(gateway.sent).toHaveLength(1);
  });

  it('leaves a text that is sent once more when it never reached the gateway, but not a third time', async () => {
    const alert = await owedText();
    await dieAfterHandingOver();
    const deaf = scriptedGateway({ ...found(), outcome: () => ({ kind: 'unknown' }) });

    await run(deaf);
    await run(deaf);
    expect(deaf.sent).toHaveLength(1);
    afterMinutes(2);
    expect(await run(deaf)).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(60);
    expect(await run(deaf)).toEqual(NONE);
    expect(deaf.sent).toHaveLength(1);
    expect(await alert.deliveries()).toMatchObject([
      { status: 'failed', cause: 'not_found_at_gateway' },
      { status: 'unknown' },
    ]);
  });

  it('is not shaken by a late word on the attempt that was given up: the text was sent meanwhile', async () => {
    const alert = await owedText();
    await dieAfterHandingOver();
    await run(scriptedGateway(found()));
    await run(scriptedGateway(found()));
    const [givenUp] = await alert.deliveries();
    const deliveryId = givenUp?.id;

    await recordReceipt(deps(), { gateway: 'scripted', reference: 'very-late', status: 'delivered', deliveryId });
    expect(await alert.outboxStates()).toEqual(['sent']);
    expect(await alert.nextStepAt()).toEqual(new Date('2026-03-02T01:15:00Z'));
  });

  it('waits while the gateway does not answer the question either', async () => {
    const alert = await owedText();
    await dieAfterHandingOver();
    const silent = scriptedGateway({ lookup: () => Promise.resolve(undefined) });

    expect(await run(silent)).toEqual({ ...NONE, postponed: 1 });
    afterMinutes(2);
    expect(await run(scriptedGateway(found('found-late')))).toEqual({ ...NONE, sent: 1 });
    expect(silent.sent).toEqual([]);
    expect(await alert.outboxStates()).toEqual(['sent']);
  });

  it('loses nothing when it died before the gateway heard of the text', async () => {
    const alert = await owedText();
    await leaseDueTexts(database.pool, { at: NINE, until: new Date(NINE.getTime() + 90_000), limit: 1 });
    const gateway = scriptedGateway();

    expect(await run(gateway)).toEqual(NONE);
    afterMinutes(2);
    expect(await run(gateway)).toEqual({ ...NONE, sent: 1 });
    expect(await alert.outboxStates()).toEqual(['sent']);
  });
});

describe('a gateway that does not answer in time', () => {
  it('may have taken the text: a receipt tells, and nothing is sent again', async () => {
    const alert = await owedText();
    const gateway = scriptedGateway({ outcome: () => ({ kind: 'unknown' }), ...found() });
    expect(await run(gateway)).toEqual({ ...NONE, unknown: 1 });
    const deliveryId = gateway.sent[0]?.deliveryId;

    await recordReceipt(deps(), { gateway: 'scripted', reference: 'late-1', status: 'delivered', deliveryId });
    afterMinutes(2);

    expect(await run(gateway)).toEqual(NONE);
    expect(gateway.sent).toHaveLength(1);
    expect(await alert.timeline()).toEqual(['text_unknown', 'text_sent', 'text_delivered']);
  });

  it('may have taken the text: a receipt that comes while we ask for it in vain is believed', async () => {
    const alert = await owedText();
    await run(scriptedGateway({ outcome: () => ({ kind: 'unknown' }) }));
    const [{ id: deliveryId } = { id: 0 }] = await alert.deliveries();
    afterMinutes(2);
    const gateway = scriptedGateway({
      lookup: async () => {
        await recordReceipt(deps(), { gateway: 'scripted', reference: 'mid-1', status: 'delivered', deliveryId });
        return [];
      },
    });

    expect(await run(gateway)).toEqual(NONE);
    expect(gateway.sent).toEqual([]);
    expect(await alert.deliveries()).toMatchObject([{ status: 'delivered', cause: null }]);
    expect(await alert.outboxStates()).toEqual(['sent']);
  });

  it('is not doubted when the receipt came while we were waiting for the answer', async () => {
    const alert = await owedText();
    const gateway = scriptedGateway({
      outcome: async ({ deliveryId }) => {
        await recordReceipt(deps(), { gateway: 'scripted', reference: 'early-1', status: 'delivered', deliveryId });
        return { kind: 'unknown' };
      },
      ...found(),
    });

    await run(gateway);
    expect(await alert.timeline()).toEqual(['text_sent', 'text_delivered']);
    expect(await alert.deliveries()).toMatchObject([{ status: 'delivered', reference: 'early-1' }]);
  });
});

describe('two dispatchers at the same text', () => {
  it('do not wait for each other: the second takes the next one', async () => {
    const alert = await owedText();
    await alert.owe('daughter', 'guardian', 'check_request', 1);
    const lease = { at: NINE, until: new Date(NINE.getTime() + 90_000), limit: 1 };

    const [first, second] = await inTransaction(database.pool, async (tx) => {
      const held = await leaseDueTexts(tx, lease);
      return [held, await leaseDueTexts(database.pool, lease)];
    });
    expect(first).toHaveLength(1);
    expect(second).toHaveLength(1);
    expect(second[0]?.id).not.toBe(first[0]?.id);
    afterMinutes(2);
    expect(await run(scriptedGateway())).toEqual({ ...NONE, sent: 2 });
  });
});

describe('a dispatcher that sleeps past its lease', () => {
  it('sends nothing when it wakes: the text is in other hands', async () => {
    const alert = await owedText();
    const sleeper = scriptedGateway();
    const other = scriptedGateway();
    await alert.owe('daughter', 'guardian', 'check_request', 1);
    let slept = false;
    const asleep = {
      now: () => {
        const at = slept ? new Date(NINE.getTime() + 120_000) : NINE;
        slept = true;
        return at;
      },
    };
    await dispatchOutbox({ ...deps(), clock: asleep, gateway: sleeper, publicBaseUrl: 'https://sw.example.org' });
    expect(sleeper.sent).toEqual([]);

    afterMinutes(2);
    expect(await run(other)).toEqual({ ...NONE, sent: 2 });
  });

  const wakingLate = (other: ScriptedGateway) =>
    scriptedGateway({
      outcome: async () => {
        afterMinutes(2);
        await run(other);
        return { kind: 'accepted', reference: 'slow-1', parts: 1 };
      },
    });

  it('has its late success believed, so that nobody is texted a second time', async () => {
    const alert = await owedText();
    const other = scriptedGateway({ lookup: () => Promise.resolve(undefined) });

    await run(wakingLate(other));
    expect(other.sent).toEqual([]);
    expect(await alert.outboxStates()).toEqual(['sent']);
    expect(await alert.timeline()).toEqual(['text_sent']);
  });

  it('may have texted somebody a second time, and no more, where the gateway cannot be asked', async () => {
    const alert = await owedText();
    const other = scriptedGateway();

    await run(wakingLate(other));
    afterMinutes(60);
    await run(other);
    expect(other.sent).toHaveLength(1);
    expect((await alert.deliveries()).map(({ maybeDuplicate }) => maybeDuplicate)).toEqual([false, true]);
    expect(await alert.outboxStates()).toEqual(['sent']);
  });
});
