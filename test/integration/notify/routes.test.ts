import { fastify, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock, type HandTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { openGatewayFaults, openRosterDefects } from '../../../src/db/reachability.ts';
import { aliyunCallbacks } from '../../../src/notify/channels/aliyun-callbacks.ts';
import { aliyunSmsGateway } from '../../../src/notify/channels/aliyun-sms-gateway.ts';
import { httpCallbacks } from '../../../src/notify/channels/http-callbacks.ts';
import { httpSmsGateway } from '../../../src/notify/channels/http-sms-gateway.ts';
import { auditDeliveries } from '../../../src/notify/audit-deliveries.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { recordReceipt } from '../../../src/notify/record-receipt.ts';
import { recordReply } from '../../../src/notify/record-reply.ts';
import type { SmsGateway } from '../../../src/notify/sms-gateway.ts';
import { gatewayWebhooks } from '../../../src/web/webhooks/gateway-webhooks.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import { CALLBACK_SECRET, useAliyunNetwork, useHttpNetwork } from '../../support/provider-networks.ts';
import { type GatewayScript, scriptedGateway } from '../../support/scripted-gateway.ts';

const NINE = new Date('2026-03-02T01:00:00Z');
const NONE = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };
let clock: HandTurnedClock;
beforeEach(() => {
  clock = handTurnedClock(NINE);
});
const database = useDatabase();
const aliyun = useAliyunNetwork({ now: () => clock.now() });
const http = useHttpNetwork();
const alerts = alertsIn(() => database.pool);
const deps = () => ({ pool: database.pool, clock, log: createLogger('silent') });
const afterMinutes = (minutes: number) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000));

function run(gateway: SmsGateway, ...fallbacks: SmsGateway[]) {
  const codeKey = new Secret('a key of the codes of this test');
  return dispatchOutbox({ ...deps(), gateway, fallbacks, publicBaseUrl: 'https://sw.example.org', codeKey });
}
async function owedText() {
  const alert = await alerts.open(clock.now(), { neighbour: { role: 'contact' } });
  await alert.owe('neighbour', 'contact');
  return { ...alert, phone: alert.person('neighbour').phone };
}

let app: FastifyInstance;
let base: string;
beforeAll(async () => {
  app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const secret = new Secret(CALLBACK_SECRET);
  await app.register(gatewayWebhooks, {
    webhooks: [
      { ...aliyunCallbacks, gateway: 'aliyun', secret, from: ['127.0.0.1'] },
      { ...httpCallbacks(http.file), gateway: 'city-sms', secret, from: [] },
      { ...aliyunCallbacks, gateway: 'elsewhere', secret, from: ['203.0.113.7'] },
    ],
    recordReceipt: (receipt) => recordReceipt(deps(), receipt),
    recordReply: (reply) => recordReply(deps(), reply),
  });
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());
const webhook = (gateway: string, what: string, secret = CALLBACK_SECRET) =>
  `${base}/webhooks/${gateway}/${secret}/${what}`;

describe('a text through Aliyun', () => {
  it('fills in the reviewed template with a code and no link, and its receipt is answered as Aliyun expects', async () => {
    const text = await owedText();
    expect(await run(aliyunSmsGateway({ config: aliyun.config, clock }))).toEqual({ ...NONE, sent: 1 });

    const [taken] = aliyun.network.textsTo(text.phone.slice(3));
    expect(taken).toMatchObject({ template: 'SMS_1', signName: '静水' });
    expect(taken?.variables['code']).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const { rows } = await database.pool.query('select kind from check_code where alert_id = $1', [text.alertId]);
    expect(rows).toEqual([{ kind: 'letters' }]);
    expect(await aliyun.network.pushReceipts(webhook('aliyun', 'receipts'))).toMatchObject({
      status: 200,
      body: { code: 0 },
    });
    expect(await text.deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect(await text.timeline()).toEqual(['text_sent', 'text_delivered']);
  });

  it('whose number is out of service has failed: the next person is asked, and the roster has a defect', async () => {
    const text = await owedText();
    aliyun.network.script(text.phone.slice(3), { kind: 'undelivered', code: 'MOBILE_NOT_ON_SERVICE' });
    await run(aliyunSmsGateway({ config: aliyun.config, clock }));
    await aliyun.network.pushReceipts(webhook('aliyun', 'receipts'));

    expect(await text.nextStepAt()).toEqual(clock.now());
    const defects = await openRosterDefects(database.pool);
    expect(defects).toMatchObject([{ personId: text.person('neighbour').id, cause: 'unknown_handset' }]);
  });

  it('taken without an answer is found by our own number and not sent again', async () => {
    const text = await owedText();
    aliyun.network.script(text.phone.slice(3), { kind: 'hang' });
    const gateway = aliyunSmsGateway({ config: aliyun.config, clock, timeoutMs: 300 });
    expect(await run(gateway)).toEqual({ ...NONE, unknown: 1 });
    afterMinutes(2);
    expect(await run(gateway)).toEqual({ ...NONE, sent: 1 });
    expect(aliyun.network.textsTo(text.phone.slice(3))).toHaveLength(1);
  });

  it('whose receipt never comes is found in its list, with what became of it', async () => {
    const [arrived, lost] = [await owedText(), await owedText()];
    aliyun.network.script(lost.phone.slice(3), { kind: 'undelivered', code: 'MOBILE_NOT_ON_SERVICE' });
    const gateway = aliyunSmsGateway({ config: aliyun.config, clock });
    await run(gateway);
    afterMinutes(16);

    expect(await auditDeliveries({ ...deps(), gateway, publicBaseUrl: base })).toBeGreaterThanOrEqual(2);
    expect(await arrived.deliveries()).toMatchObject([{ status: 'delivered' }]);
    expect(await lost.deliveries()).toMatchObject([{ status: 'undelivered', cause: 'unknown_handset' }]);
  });

  it.each([
    ['four homes share one, with their codes', 'H', 1],
    ['homes with long names each get their own: nothing is dropped', 'A-LONG-NAME-', 4],
  ])('about several homes: %s', async (_, prefix, messages) => {
    const caps = { perNumberAnHour: 1, perHour: 10_000, reserve: 0.2 };
    const first = await alerts.open(clock.now(), { neighbour: { role: 'contact' } });
    const others = await Promise.all([1, 2, 3].map(() => alerts.open(clock.now(), {})));
    const { id, phone } = first.person('neighbour');
    for (const home of [first, ...others]) await home.oweTo(id, 'contact');
    await database.pool.query(`update household set code = $1 || substr(code, 2) where code ~ '^H[0-9]'`, [prefix]);
    const codeKey = new Secret('a key of the codes of this test');
    const gateway = aliyunSmsGateway({ config: aliyun.config, clock });
    const publicBaseUrl = 'https://sw.example.org';
    const fates = await dispatchOutbox({ ...deps(), gateway, publicBaseUrl, codeKey, limits: { caps } });

    expect(fates).toEqual({ ...NONE, sent: 4 });
    expect(aliyun.network.textsTo(phone.slice(3))).toHaveLength(messages);
  });

  it('is answered by text: the reply comes in and is acted on', async () => {
    const text = await owedText();
    await run(aliyunSmsGateway({ config: aliyun.config, clock }));
    const answer = await aliyun.network.pushReply(webhook('aliyun', 'replies'), text.phone.slice(3), '3');

    expect(answer).toMatchObject({ status: 200, body: { code: 0 } });
    expect(await text.timeline()).toEqual(['text_sent', 'claimed', 'replied']);
  });
});

describe('a text through a gateway that a file describes', () => {
  it('arrives, and the receipt finds it', async () => {
    const text = await owedText();
    expect(await run(httpSmsGateway(http.file))).toEqual({ ...NONE, sent: 1 });
    const answer = await http.network.pushReceipts(webhook('city-sms', 'receipts'));

    expect(answer).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await text.deliveries()).toMatchObject([{ status: 'delivered' }]);
  });

  it('is not delivered for a cause that the file names', async () => {
    const text = await owedText();
    http.network.script(text.phone, { kind: 'undelivered', code: '007' });
    await run(httpSmsGateway(http.file));
    await http.network.pushReceipts(webhook('city-sms', 'receipts'));

    expect(await text.deliveries()).toMatchObject([{ status: 'undelivered', cause: 'unknown_handset', code: '007' }]);
  });

  it('is answered by text', async () => {
    const text = await owedText();
    await run(httpSmsGateway(http.file));
    await http.network.pushReply(webhook('city-sms', 'replies'), text.phone, 'yes in 2 hours');
    expect(await text.timeline()).toEqual(['text_sent', 'replied']);
  });
});

describe('a call on a secret address', () => {
  const call = async (url: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  const forged = [{ phone_number: '13800000000', success: false, err_code: 'X', out_id: 'sw-1' }];

  it('is refused with a wrong path, for another gateway and from elsewhere', async () => {
    expect(await call(webhook('aliyun', 'receipts', 'guessed'), forged)).toBe(403);
    expect(await call(webhook('twilio', 'receipts'), forged)).toBe(403);
    expect(await call(webhook('elsewhere', 'receipts'), forged)).toBe(403);
  });

  it('that cannot be read is refused aloud', async () => {
    expect(await call(webhook('aliyun', 'receipts'), { surprise: true })).toBe(422);
  });
});

describe('two gateways', () => {
  const account: GatewayScript = { outcome: () => ({ kind: 'rejected', cause: 'balance_empty', code: '30002' }) };
  const named = (name: string, script: GatewayScript = {}) => ({ ...scriptedGateway(script), name });

  it('share the work by cause: what the first refuses for its account or its moment leaves through the second', async () => {
    for (const outcome of [
      { kind: 'rejected', cause: 'balance_empty' },
      { kind: 'rejected', cause: 'content_blocked' },
      { kind: 'retry', cause: 'rate_limited', afterMs: 1_000 },
    ] as const) {
      const text = await owedText();
      const first = named('first', { outcome: () => outcome });
      const second = named('second');
      expect(await run(first, second)).toEqual({ ...NONE, sent: 1 });
      expect(second.sent.map(({ to }) => to)).toEqual([text.phone]);
      expect(await text.timeline()).toEqual(['text_rerouted', 'text_sent']);
      await database.pool.query('update gateway_fault set closed_at = opened_at');
    }
  });

  it('do not share what is about the number or of unknown fate', async () => {
    for (const outcome of [{ kind: 'rejected', cause: 'not_mobile' }, { kind: 'unknown' }] as const) {
      await owedText();
      const second = named('second');
      await run(named('first', { outcome: () => outcome, lookup: () => Promise.resolve(undefined) }), second);
      expect(second.sent).toEqual([]);
    }
    await database.pool.query(`update outbox set state = 'unknown', lease_until = null where state = 'sending'`);
  });

  it('change places for five minutes after the first refused the account, and the operator can see why', async () => {
    await owedText();
    const first = named('first', account);
    const second = named('second');
    await run(first, second);
    expect(await openGatewayFaults(database.pool)).toMatchObject([{ gateway: 'first', cause: 'balance_empty' }]);

    await owedText();
    await run(first, second);
    expect(first.sent).toHaveLength(1);
    expect(second.sent).toHaveLength(2);

    afterMinutes(6);
    await owedText();
    const mended = named('first');
    await run(mended, second);
    expect(mended.sent).toHaveLength(1);
    expect(await openGatewayFaults(database.pool)).toEqual([]);
  });

  it('of which one refuses the account: the desk is told once, through the other, and not of what is over', async () => {
    const { person } = await alerts.open(clock.now(), { desk: { role: 'desk' } });
    const [first, second, third] = [named('first', account), named('second'), named('third', account)];
    const told = () => second.sent.filter(({ intent }) => intent === 'gateway_fault').map(({ to }) => to);
    for (let round = 0; round < 3; round += 1) {
      await owedText();
      await run(first, second);
      await run(first, second);
      afterMinutes(6);
    }
    expect(told()).toEqual([person('desk').phone]);

    await owedText();
    await run(third);
    await owedText();
    await run(named('third'));
    afterMinutes(60);
    await run(second);
    expect(told()).toEqual([person('desk').phone]);
    await database.pool.query(
      'update gateway_fault set closed_at = greatest(opened_at, now()) where closed_at is null',
    );
  });

  it('that both take nothing keep the text for later', async () => {
    const text = await owedText();
    const overloaded: GatewayScript = { outcome: () => ({ kind: 'retry', cause: 'rate_limited', afterMs: 1_000 }) };
    expect(await run(named('first', overloaded), named('second', overloaded))).toEqual({ ...NONE, postponed: 1 });
    expect(await text.outboxStates()).toEqual(['waiting']);
  });
});

describe('a number that no text can reach', () => {
  it('is a defect of the roster until a text arrives there', async () => {
    await database.pool.query('update roster_defect set closed_at = opened_at');
    const text = await owedText();
    await run(scriptedGateway({ outcome: () => ({ kind: 'rejected', cause: 'not_mobile', code: '21614' }) }));
    expect(await openRosterDefects(database.pool)).toMatchObject([{ cause: 'not_mobile' }]);

    await text.owe('neighbour', 'contact', 'check_request', 1);
    const gateway = scriptedGateway();
    await run(gateway);
    const [, attempt] = await text.deliveries();
    await recordReceipt(deps(), { gateway: 'scripted', reference: `ref-${attempt!.id}`, status: 'delivered' });
    expect(await openRosterDefects(database.pool)).toEqual([]);
  });
});
