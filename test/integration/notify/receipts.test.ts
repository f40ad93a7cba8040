import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import type { ReceiptStatus } from '../../../src/domain/notification/delivery-status.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { recordReceipt } from '../../../src/notify/record-receipt.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import { type GatewayScript, referenceOf, scriptedGateway } from '../../support/scripted-gateway.ts';

const database = useDatabase();
const alerts = alertsIn(() => database.pool);
const NINE = new Date('2026-03-02T01:00:00Z');
const clock = handTurnedClock(NINE);
const deps = () => ({ pool: database.pool, clock, log: createLogger('silent') });
const receipt = (reference: string, status: ReceiptStatus, code?: string) =>
  recordReceipt(deps(), { gateway: 'scripted', reference, status, code });

/** A text that has been handed to the gateway. */
async function sentText(script: GatewayScript = {}) {
  const alert = await alerts.open(NINE, { daughter: { role: 'guardian' } });
  await alert.owe('daughter', 'guardian');
  const gateway = scriptedGateway(script);
  await dispatchOutbox({ ...deps(), gateway, publicBaseUrl: 'https://sw.example.org' });
  const [attempt] = await alert.deliveries();
  return { ...alert, reference: referenceOf({ deliveryId: attempt?.id ?? 0 }) };
}

const unapplied = async () => {
  const { rows } = await database.pool.query<{ reference: string }>(
    'select reference from receipt where applied_at is null',
  );
  return rows;
};

describe('a receipt', () => {
  it('says that the text arrived', async () => {
    const text = await sentText();

    expect(await receipt(text.reference, 'delivered')).toBe('applied');
    expect(await text.timeline()).toEqual(['text_sent', 'text_delivered']);
    expect(await text.nextStepAt()).toEqual(new Date('2026-03-02T01:15:00Z'));
  });

  it('that says undelivered is a failure: the next person is asked now', async () => {
    const text = await sentText();
    await receipt(text.reference, 'sent');
    await receipt(text.reference, 'undelivered', '30005');

    expect(await text.outboxStates()).toEqual(['failed']);
    expect(await text.deliveries()).toMatchObject([{ status: 'undelivered', code: '30005' }]);
    expect(await text.timeline()).toEqual(['text_sent', 'text_failed', 'hastened']);
    expect(await text.nextStepAt()).toEqual(clock.now());
  });

  it('changes nothing the second time', async () => {
    const text = await sentText();
    await receipt(text.reference, 'undelivered', '30005');

    expect(await receipt(text.reference, 'undelivered', '30005')).toBe('known');
    expect(await text.timeline()).toEqual(['text_sent', 'text_failed', 'hastened']);
  });

  it('that overtakes the record of its own text waits for it and is applied then', async () => {
    const text = await sentText({
      outcome: async ({ deliveryId }) => {
        const reference = referenceOf({ deliveryId });
        expect(await receipt(reference, 'undelivered', '30006')).toBe('waiting');
        expect(await receipt(reference, 'sent')).toBe('waiting');
        return { kind: 'accepted', reference, parts: 2 };
      },
    });

    expect(await text.outboxStates()).toEqual(['failed']);
    expect(await text.timeline()).toEqual(['text_sent', 'text_failed', 'hastened']);
    expect(await unapplied()).toEqual([]);
  });

  it('is not lost when it comes at the very moment its text is recorded', async () => {
    for (let round = 0; round < 20; round += 1) {
      let receiving: Promise<unknown> = Promise.resolve();
      const text = await sentText({
        outcome: ({ deliveryId }) => {
          receiving = receipt(referenceOf({ deliveryId }), 'delivered');
          return { kind: 'accepted', reference: referenceOf({ deliveryId }), parts: 1 };
        },
      });
      await receiving;

      expect(await text.deliveries()).toMatchObject([{ status: 'delivered' }]);
    }
    expect(await unapplied()).toEqual([]);
  });

  it('ends in the same place in any order and any number', async () => {
    const statuses = fc.array(fc.constantFrom<ReceiptStatus>('accepted', 'sent', 'delivered', 'undelivered'), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(statuses, async (order) => {
        const text = await sentText();
        for (const status of order) await receipt(text.reference, status);

        const hasFailed = order.includes('undelivered');
        expect(await text.outboxStates()).toEqual([hasFailed ? 'failed' : 'sent']);
        const timeline = await text.timeline();
        expect(timeline.filter((type) => type === 'hastened')).toHaveLength(hasFailed ? 1 : 0);
        expect(new Set(timeline).size).toBe(timeline.length);
      }),
      { numRuns: 25 },
    );
  });

  it('about a text that is not ours is kept and harms nobody', async () => {
    expect(await receipt('nobody-knows', 'undelivered')).toBe('waiting');
    expect(await unapplied()).toEqual([{ reference: 'nobody-knows' }]);
  });
});
