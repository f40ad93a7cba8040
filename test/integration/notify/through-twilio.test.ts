import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../../simulator/phone-network/signature.ts';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { twilioSmsGateway } from '../../../src/notify/channels/twilio-sms-gateway.ts';
import { auditDeliveries } from '../../../src/notify/audit-deliveries.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import { TWILIO_ACCOUNT, twilioConfigFor, usePhoneNetwork } from '../../support/phone-network.ts';
import { useTwilioWebhooks } from '../../support/twilio-webhooks.ts';

const NINE = new Date('2026-03-02T01:00:00Z');
const NONE = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };
const clock = handTurnedClock(NINE);
const database = useDatabase();
const phones = usePhoneNetwork(clock);
const alerts = alertsIn(() => database.pool);
const deps = () => ({ pool: database.pool, clock, log: createLogger('silent') });

const webhooks = useTwilioWebhooks(deps, twilioConfigFor(''));

async function owedText() {
  const alert = await alerts.open(clock.now(), { neighbour: { role: 'contact' } });
  await alert.owe('neighbour', 'contact');
  return { ...alert, phone: alert.person('neighbour').phone };
}

interface RunOptions {
  readonly authToken?: string;
  /** How long to wait for an answer, where none will come. */
  readonly timeoutMs?: number;
  readonly callbacksTo?: string;
}

function run({ authToken, callbacksTo = webhooks.publicBaseUrl, ...timeout }: RunOptions = {}) {
  const config = twilioConfigFor(phones.network.url, authToken);
  const gateway = twilioSmsGateway({ config, publicBaseUrl: callbacksTo, ...timeout });
  return dispatchOutbox({ ...deps(), gateway, publicBaseUrl: webhooks.publicBaseUrl });
}

const BRIEFLY = { timeoutMs: 300 };
const NOWHERE = 'http://127.0.0.1:9';

const afterMinutes = (minutes: number) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000));

describe('a text through Twilio', () => {
  it('arrives, and Twilio says so', async () => {
    const text = await owedText();

    expect(await run()).toEqual({ ...NONE, sent: 1 });
    await phones.network.settled();

    const [message] = phones.network.textsTo(text.phone);
    expect(message).toMatchObject({ messagingServiceSid: `MG${'0'.repeat(32)}`, validityPeriodS: 900 });
    expect(message?.body).toContain(`${webhooks.publicBaseUrl}/v/`);
    expect(await text.deliveries()).toMatchObject([{ status: 'delivered', reference: message?.sid }]);
    expect((await text.timeline()).toSorted()).toEqual(['text_delivered', 'text_sent']);
  });

  it('is of use until the next step of its alert, as far as Twilio takes that', async () => {
    const texts = [await owedText(), await owedText(), await owedText(), await owedText()];
    for (const [i, minutes] of [20, 60 * 24, 0.5].entries()) {
      await database.pool.query(
        `update alert set policy = jsonb_set(policy, '{steps,1,afterMinutes}', to_jsonb($2::float)) where id = $1`,
        [texts[i]?.alertId, minutes],
      );
    }
    await database.pool.query(`update alert set policy = '{"steps": "none"}' where id = $1`, [texts[3]?.alertId]);

    await run();
    const validity = texts.map(({ phone }) =>
      phones.network.textsTo(phone).map(({ validityPeriodS }) => validityPeriodS),
    );
    expect(validity).toEqual([[1_200], [36_000], [60], [900]]);
  });

  it('that the carrier does not deliver makes the next step due', async () => {
    const text = await owedText();
    phones.network.script(text.phone, { kind: 'undelivered', code: 30_005 });
    await run();
    await phones.network.settled();

    expect(await text.deliveries()).toMatchObject([{ status: 'undelivered', cause: 'unknown_handset', code: '30005' }]);
    expect(await text.nextStepAt()).toEqual(clock.now());
  });

  it('to a number that is no phone is refused at once', async () => {
    const text = await owedText();
    phones.network.script(text.phone, { kind: 'reject', code: 21_614, httpStatus: 400 });

    expect(await run()).toEqual({ ...NONE, failed: 1 });
    expect(await text.timeline()).toEqual(['text_failed', 'hastened']);
  });

  it('goes out later when Twilio is overloaded, and once', async () => {
    const text = await owedText();
    phones.network.script(text.phone, { kind: 'overloaded' }, { kind: 'broken', httpStatus: 503 }, { kind: 'deliver' });
    for (let minute = 0; minute < 5; minute += 1) {
      await run();
      afterMinutes(1);
    }
    await phones.network.settled();

    expect(phones.network.textsTo(text.phone)).toHaveLength(1);
    expect(await text.outboxStates()).toEqual(['sent']);
  });

  it('that Twilio took without answering is not sent again: its receipts tell', async () => {
    const text = await owedText();
    phones.network.script(text.phone, { kind: 'hang' });
    await run(BRIEFLY);
    await phones.network.settled();
    afterMinutes(2);
    await run();

    expect(phones.network.textsTo(text.phone)).toHaveLength(1);
    expect(await text.deliveries()).toMatchObject([{ status: 'delivered' }]);
  });

  it('is looked up when neither an answer nor a receipt came', async () => {
    const text = await owedText();
    phones.network.script(text.phone, { kind: 'hang' });

    expect(await run({ ...BRIEFLY, callbacksTo: NOWHERE })).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(2);
    expect(await run({ callbacksTo: NOWHERE })).toEqual({ ...NONE, sent: 1 });
    const [message, ...more] = phones.network.textsTo(text.phone);
    expect(more).toEqual([]);
    expect(await text.deliveries()).toMatchObject([{ status: 'accepted', reference: message?.sid }]);
  });

  it('that never reached Twilio is sent again after Twilio was asked', async () => {
    const text = await owedText();
    phones.network.script(text.phone, { kind: 'swallow' }, { kind: 'deliver' });

    expect(await run(BRIEFLY)).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(2);
    expect(await run()).toEqual({ ...NONE, postponed: 1 });
    expect(await run()).toEqual({ ...NONE, sent: 1 });
    expect(phones.network.textsTo(text.phone)).toHaveLength(1);
  });

  it('whose receipts never come is asked for: what did not arrive makes the next step due', async () => {
    const [arrived, lost, young] = [await owedText(), await owedText(), await owedText()];
    phones.network.script(arrived.phone, { kind: 'deliver', receipts: 'never' });
    phones.network.script(lost.phone, { kind: 'undelivered', code: 30_006, receipts: 'never' });
    phones.network.script(young.phone, { kind: 'deliver', receipts: 'never' });
    const { publicBaseUrl } = webhooks;
    const gateway = twilioSmsGateway({ config: twilioConfigFor(phones.network.url), publicBaseUrl });
    await run();
    expect(await auditDeliveries({ ...deps(), gateway, publicBaseUrl })).toBe(0);
    afterMinutes(6);
    await database.pool.query(`update delivery set started_at = $1 where id = $2`, [
      clock.now(),
      (await young.deliveries())[0]?.id,
    ]);

    const repaired = await auditDeliveries({ ...deps(), gateway, publicBaseUrl });
    expect(repaired).toBeGreaterThanOrEqual(2);
    expect(await arrived.deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect(await lost.deliveries()).toMatchObject([{ status: 'undelivered', cause: 'not_mobile', code: '30006' }]);
    expect(await lost.nextStepAt()).toEqual(clock.now());
    expect(await young.deliveries()).toMatchObject([{ status: 'accepted' }]);
    expect(await auditDeliveries({ ...deps(), gateway, publicBaseUrl })).toBe(0);
    const { rows } = await database.pool.query(`select times from repair where kind = 'receipt_lost'`);
    expect(rows).toEqual([{ times: repaired }]);
  });

  it('waits while Twilio does not know the account', async () => {
    const text = await owedText();

    expect(await run({ authToken: 'a wrong token' })).toEqual({ ...NONE, postponed: 1 });
    afterMinutes(1);
    expect(await run()).toEqual({ ...NONE, sent: 1 });
    await phones.network.settled();
    expect(await text.outboxStates()).toEqual(['sent']);
  });
});

describe('a call on the webhook', () => {
  async function call(form: Record<string, string>, deliveryId: number | undefined, token: string) {
    const path = `/webhooks/twilio/status?delivery=${deliveryId}`;
    return webhooks.app.inject({
      method: 'POST',
      url: path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signatureOf(token, `${webhooks.publicBaseUrl}${path}`, form),
      },
      payload: new URLSearchParams(form).toString(),
    });
  }

  async function sentText() {
    const text = await owedText();
    await run();
    await phones.network.settled();
    const [attempt] = await text.deliveries();
    return { ...text, form: { MessageSid: attempt?.reference ?? '', MessageStatus: 'undelivered' }, id: attempt?.id };
  }

  it('with a forged signature is refused and changes nothing', async () => {
    const { form, id, timeline } = await sentText();
    const before = await timeline();

    expect((await call(form, id, 'a guess')).statusCode).toBe(403);
    expect(
      (await webhooks.app.inject({ method: 'POST', url: '/webhooks/twilio/status', payload: {} })).statusCode,
    ).toBe(403);
    expect(await timeline()).toEqual(before);
    const { rows } = await database.pool.query(
      `select id from receipt where status = 'undelivered' and reference = $1`,
      [form.MessageSid],
    );
    expect(rows).toEqual([]);
  });

  it('with the right one is believed', async () => {
    const { form, id, timeline } = await sentText();

    expect((await call(form, id, TWILIO_ACCOUNT.authToken)).statusCode).toBe(204);
    expect(await timeline()).toContain('text_failed');
  });

  it('about a state we do not know is answered and passed over', async () => {
    const { form, id, timeline } = await sentText();
    const before = await timeline();

    const response = await call({ ...form, MessageStatus: 'teleported' }, id, TWILIO_ACCOUNT.authToken);
    expect(response.statusCode).toBe(204);
    expect(await timeline()).toEqual(before);
  });
});

describe('a phone network that does not behave', () => {
  it.each(['before_answer', 'twice', 'reversed', 'per_part'] as const)(
    'reports %s, and the text ends as delivered',
    async (receipts) => {
      const text = await owedText();
      phones.network.script(text.phone, { kind: 'deliver', receipts });
      await run();
      await phones.network.settled();

      expect(await text.deliveries()).toMatchObject([{ status: 'delivered' }]);
      expect((await text.timeline()).toSorted()).toEqual(['text_delivered', 'text_sent']);
    },
  );

  it.each(['before_answer', 'twice', 'reversed', 'per_part'] as const)(
    'reports %s, and the text ends as undelivered',
    async (receipts) => {
      const text = await owedText();
      phones.network.script(text.phone, { kind: 'undelivered', code: 30_006, receipts });
      await run();
      await phones.network.settled();

      expect(await text.outboxStates()).toEqual(['failed']);
      expect((await text.timeline()).filter((type) => type === 'hastened')).toHaveLength(1);
    },
  );

  it('breaks after it took a text: that is looked up and not sent again', async () => {
    const text = await owedText();
    phones.network.script(text.phone, { kind: 'broken', httpStatus: 500, isTaken: true });
    expect(await run({ callbacksTo: NOWHERE })).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(2);
    expect(await run({ callbacksTo: NOWHERE })).toEqual({ ...NONE, sent: 1 });
    expect(phones.network.textsTo(text.phone)).toHaveLength(1);
  });

  it('lists nothing for a while: the text may arrive once more, flagged as such, and never a third time', async () => {
    const text = await owedText();
    phones.network.script(text.phone, { kind: 'hang' }, { kind: 'hang' }, { kind: 'deliver' });
    await run({ ...BRIEFLY, callbacksTo: NOWHERE });
    for (let round = 0; round < 4; round += 1) {
      afterMinutes(2);
      phones.network.lagBehind(1);
      await run({ ...BRIEFLY, callbacksTo: NOWHERE });
    }

    expect(phones.network.textsTo(text.phone)).toHaveLength(2);
    const flags =
      'select maybe_duplicate from delivery join outbox on outbox.id = outbox_id where alert_id = $1 order by delivery.id';
    const { rows } = await database.pool.query(flags, [text.alertId]);
    expect(rows).toEqual([{ maybe_duplicate: false }, { maybe_duplicate: true }]);
  });
});

describe('a reply through Twilio', () => {
  it('is taken when it is signed, and answered with nothing that would be texted', async () => {
    const text = await owedText();
    await run();
    await phones.network.settled();

    expect(await phones.network.reply(`${webhooks.publicBaseUrl}/webhooks/twilio/inbound`, text.phone, '3')).toBe(200);
    expect(await text.timeline()).toContain('claimed');
  });

  it('is refused when it is signed for another address', async () => {
    const text = await owedText();
    await run();
    const url = `${webhooks.publicBaseUrl}/webhooks/twilio/inbound`;
    expect(await phones.network.reply(`${url}?x=1`, text.phone, '1')).toBe(403);
    expect(await text.timeline()).not.toContain('replied');
  });
});
