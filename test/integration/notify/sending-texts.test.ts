import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock, type HandTurnedClock } from '../../../src/core/clock.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import { type GatewayScript, scriptedGateway } from '../../support/scripted-gateway.ts';

const database = useDatabase();
const alerts = alertsIn(() => database.pool);
const PUBLIC_BASE_URL = 'https://sw.example.org';
const NINE = new Date('2026-03-02T01:00:00Z');
const NONE = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };

let clock: HandTurnedClock;
beforeEach(() => {
  clock = handTurnedClock(NINE);
});

function dispatcher(script: GatewayScript = {}) {
  const gateway = scriptedGateway(script);
  const lines: string[] = [];
  const log = pino(
    new Writable({
      write: (line: Buffer, _encoding, done) => {
        lines.push(line.toString());
        done();
      },
    }),
  );
  const run = () => dispatchOutbox({ pool: database.pool, clock, log, gateway, publicBaseUrl: PUBLIC_BASE_URL });
  return { run, gateway, lines };
}

const afterMinutes = (minutes: number) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000));

describe('a home that has gone still', () => {
  it('has its guardian texted in Chinese and its contact in English, each with a link of their own', async () => {
    const alert = await alerts.open(NINE, {
      daughter: { role: 'guardian' },
      neighbour: { role: 'contact', language: 'en' },
    });
    await alert.owe('daughter', 'guardian');
    await alert.owe('neighbour', 'contact');
    const { run, gateway } = dispatcher();

    expect(await run()).toEqual({ ...NONE, sent: 2 });
    const bodyFor = (name: string) => gateway.sent.find(({ to }) => to === alert.person(name).phone)?.body;
    expect(bodyFor('daughter')).toMatch(
      new RegExp(`^【静水】请致电张\\*${alert.code}：24小时用水3升 https://sw.example.org/v/[\\w-]{22}$`),
    );
    expect(bodyFor('neighbour')).toMatch(
      /^Stillwater: please check at the door of .*24 h\. https:\/\/sw.*\/v\/[\w-]{22}$/,
    );
    expect(new Set(gateway.sent.map(({ body }) => body.slice(-22))).size).toBe(2);
  });

  it('keeps of the link only the hash of its token', async () => {
    const alert = await alerts.open(NINE, { neighbour: { role: 'contact' } });
    await alert.owe('neighbour', 'contact');
    const { run, gateway } = dispatcher();
    await run();

    const token = gateway.sent[0]?.body.slice(-22) ?? '';
    const hash = createHash('sha256').update(token).digest();
    const text = 'select alert_id, person_id, role, revoked_at from verification_link where token_hash = $1';
    const { rows } = await database.pool.query(text, [hash]);
    const { id: person_id } = alert.person('neighbour');
    expect(rows).toEqual([{ alert_id: alert.alertId, person_id, role: 'contact', revoked_at: null }]);
  });

  it('has the text on its timeline and in the log, without phone, name, wording or token', async () => {
    const alert = await alerts.open(NINE, { neighbour: { role: 'contact', name: '王芳芳' } });
    await alert.owe('neighbour', 'contact');
    const { run, gateway, lines } = dispatcher({
      outcome: () => ({ kind: 'rejected', cause: 'not_mobile', code: '1' }),
    });
    await run();

    const [entry] = await alert.timelineWithDetail();
    const detail = {
      role: 'contact',
      intent: 'check_request',
      step: 0,
      gateway: 'scripted',
      cause: 'not_mobile',
      code: '1',
    };
    expect(entry).toMatchObject({ type: 'text_failed', personId: alert.person('neighbour').id, detail });
    const told = lines.join('') + JSON.stringify(entry?.detail);
    expect(lines).not.toHaveLength(0);
    for (const secret of [alert.person('neighbour').phone, '王芳芳', gateway.sent[0]?.body.slice(-22) ?? '', '静水']) {
      expect(told).not.toContain(secret);
    }
  });

  it('is texted about once, however often the dispatcher runs and however many there are', async () => {
    const alert = await alerts.open(NINE, { neighbour: { role: 'contact' } });
    for (let step = 0; step < 40; step += 1) await alert.owe('neighbour', 'contact', 'check_request', step);
    const one = dispatcher();
    const other = dispatcher();

    await Promise.all([one.run(), other.run()]);
    await one.run();

    expect(one.gateway.sent.length + other.gateway.sent.length).toBe(40);
    expect(await alert.timeline()).toEqual(Array.from({ length: 40 }, () => 'text_sent'));
  });
});

describe('who is texted first', () => {
  it('is who can save a life: emergencies and the homes most at risk pass a long queue', async () => {
    const earlier = new Date(NINE.getTime() - 60_000);
    const calm = await alerts.open(earlier, { a: { role: 'contact' } }, { tier: 3 });
    for (let step = 0; step < 60; step += 1) await calm.owe('a', 'contact', 'check_request', step);
    const atRisk = await alerts.open(NINE, { a: { role: 'contact' } }, { tier: 1 });
    await atRisk.owe('a', 'contact');
    const worst = await alerts.open(NINE, { a: { role: 'contact' } }, { tier: 3 });
    await worst.owe('a', 'contact', 'emergency');
    const { run, gateway } = dispatcher();
    await run();

    const firstOfAll = gateway.sent.slice(0, 8).map(({ to }) => to);
    expect(gateway.sent).toHaveLength(62);
    expect(firstOfAll).toEqual(expect.arrayContaining([worst, atRisk].map((alert) => alert.person('a').phone)));
  });
});

describe('an alert that is over', () => {
  it('asks nobody any more', async () => {
    const alert = await alerts.open(NINE, { daughter: { role: 'guardian' } });
    await alert.owe('daughter', 'guardian');
    await alert.close('safe');
    const { run, gateway } = dispatcher();

    expect(await run()).toEqual({ ...NONE, muted: 1 });
    expect(gateway.sent).toEqual([]);
  });

  it('tells those who were texted who checked and what they found, without a link, and nobody else', async () => {
    const alert = await alerts.open(NINE, {
      daughter: { role: 'guardian' },
      neighbour: { role: 'contact', name: '王芳' },
    });
    await alert.owe('daughter', 'guardian');
    const { run, gateway } = dispatcher();
    await run();

    await alert.answer('neighbour', 'safe');
    await alert.close('safe');
    await alert.owe('daughter', 'guardian', 'stand_down');
    await alert.owe('neighbour', 'contact', 'stand_down');

    expect(await run()).toEqual({ ...NONE, sent: 1, muted: 1 });
    expect(gateway.sent.at(-1)).toMatchObject({
      to: alert.person('daughter').phone,
      body: `【静水】张*${alert.code}的核查已结束：王*已核实，人平安。谢谢！`,
    });
  });
});

describe('somebody who cannot be reached', () => {
  it('is not texted after opting out: the next person is asked at once', async () => {
    const alert = await alerts.open(NINE, { daughter: { role: 'guardian' } });
    await alert.owe('daughter', 'guardian');
    await alert.optOut('daughter');
    afterMinutes(1);
    const { run, gateway } = dispatcher();

    expect(await run()).toEqual({ ...NONE, failed: 1 });
    expect(gateway.sent).toEqual([]);
    expect(await alert.nextStepAt()).toEqual(clock.now());
    expect(await alert.timeline()).toEqual(['text_failed', 'hastened']);
  });

  it('is passed over at once when the number is no mobile phone', async () => {
    const alert = await alerts.open(NINE, { daughter: { role: 'guardian' } });
    await alert.owe('daughter', 'guardian');
    const { run } = dispatcher({ outcome: () => ({ kind: 'rejected', cause: 'not_mobile', code: '21614' }) });

    expect(await run()).toEqual({ ...NONE, failed: 1 });
    expect(await alert.nextStepAt()).toEqual(NINE);
    expect(await alert.deliveries()).toMatchObject([{ status: 'failed', cause: 'not_mobile', code: '21614' }]);
  });
});

describe('a gateway that takes nothing', () => {
  const overloaded: GatewayScript = { outcome: () => ({ kind: 'retry', cause: 'rate_limited', afterMs: 10_000 }) };

  it('gets the text again later, and only then', async () => {
    const alert = await alerts.open(NINE, { daughter: { role: 'guardian' } });
    await alert.owe('daughter', 'guardian');
    expect(await dispatcher(overloaded).run()).toEqual({ ...NONE, postponed: 1 });

    const { run } = dispatcher();
    expect(await run()).toEqual(NONE);
    afterMinutes(1);
    expect(await run()).toEqual({ ...NONE, sent: 1 });
    expect(await alert.timeline()).toEqual(['text_postponed', 'text_sent']);
  });

  it('has had its chances after six attempts: the next person is asked', async () => {
    const alert = await alerts.open(NINE, { daughter: { role: 'guardian' } });
    await alert.owe('daughter', 'guardian');
    const { run, gateway } = dispatcher(overloaded);
    for (let minute = 0; minute < 12; minute += 1) {
      await run();
      afterMinutes(1);
    }

    expect(gateway.sent).toHaveLength(6);
    expect(await alert.outboxStates()).toEqual(['failed']);
    expect(await alert.timeline()).toEqual(['text_postponed', 'text_failed', 'hastened']);
  });

  it('keeps the text for as long as it refuses the account, and somebody is told aloud', async () => {
    const alert = await alerts.open(NINE, { daughter: { role: 'guardian' } });
    await alert.owe('daughter', 'guardian');
    const { run, lines } = dispatcher({
      outcome: () => ({ kind: 'rejected', cause: 'account_suspended', code: '30002' }),
    });
    for (let hour = 0; hour < 12; hour += 1) {
      await run();
      afterMinutes(60);
    }

    expect(await alert.outboxStates()).toEqual(['waiting']);
    expect(lines.filter((line) => line.includes('refuses the account'))).toHaveLength(12);
    expect(await dispatcher().run()).toEqual({ ...NONE, sent: 1 });
  });
});

describe('a text that cannot be dealt with', () => {
  it('does not hold up the others, and comes up again', async () => {
    const bad = await alerts.open(NINE, { a: { role: 'contact' } });
    const good = await alerts.open(NINE, { a: { role: 'contact' } });
    for (const alert of [bad, good]) await alert.owe('a', 'contact');
    const fault: GatewayScript = {
      outcome: ({ to }, n) => {
        if (to === bad.person('a').phone) throw new Error('a fault of ours');
        return { kind: 'accepted', reference: `fault-${n}`, parts: 1 };
      },
    };

    expect(await dispatcher(fault).run()).toEqual({ ...NONE, sent: 1 });
    expect(await good.outboxStates()).toEqual(['sent']);
    expect(await bad.outboxStates()).toEqual(['sending']);
    afterMinutes(2);
    const mended = dispatcher({ lookup: () => Promise.resolve([]) });
    expect(await mended.run()).toEqual({ ...NONE, postponed: 1 });
    expect(await mended.run()).toEqual({ ...NONE, sent: 1 });
  });
});
