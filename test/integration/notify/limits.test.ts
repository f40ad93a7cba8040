import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock, type HandTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { freeExpiredLeases } from '../../../src/db/repairs.ts';
import type { SendingLimits } from '../../../src/notify/dispatch-deps.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { recordReceipt } from '../../../src/notify/record-receipt.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import { type GatewayScript, referenceOf, scriptedGateway } from '../../support/scripted-gateway.ts';

const database = useDatabase();
const alerts = alertsIn(() => database.pool);
const log = createLogger('silent');
const NONE = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };
/** Eleven in the evening in Shanghai. */
const ELEVEN_PM = new Date('2026-03-02T15:00:00Z');
const NIGHT: SendingLimits = { quietHours: { fromMinute: 22 * 60, untilMinute: 6 * 60 + 30 } };
const THREE_AN_HOUR: SendingLimits = { caps: { perNumberAnHour: 3, perHour: 10_000, reserve: 0.2 } };

let clock: HandTurnedClock;
beforeEach(async () => {
  clock = handTurnedClock(ELEVEN_PM);
  await database.pool.query('truncate outbox cascade');
});
const afterMinutes = (minutes: number) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000));

function dispatcher(limits: SendingLimits, script: GatewayScript = {}) {
  const gateway = scriptedGateway(script);
  const deps = { pool: database.pool, clock, log, gateway, publicBaseUrl: 'https://sw.example.org', limits };
  return { gateway, run: () => dispatchOutbox(deps) };
}

const contact = { neighbour: { role: 'contact' } } as const;

/** So many homes of one and the same contact, each with a text owed to them. */
async function homesOfOneContact(count: number, plan: { tier?: 1 | 2 | 3 } = {}) {
  const first = await alerts.open(clock.now(), contact, plan);
  const others = await Promise.all(Array.from({ length: count - 1 }, () => alerts.open(clock.now(), contact, plan)));
  const all = [first, ...others];
  for (const home of all) await home.oweTo(first.person('neighbour').id, 'contact');
  return { all, phone: first.person('neighbour').phone };
}

describe('at night', () => {
  it('a text that can wait leaves when the quiet hours of the home are over', async () => {
    const alert = await alerts.open(ELEVEN_PM, contact);
    await alert.owe('neighbour', 'contact');
    const { run, gateway } = dispatcher(NIGHT);

    expect(await run()).toEqual({ ...NONE, held: 1 });
    afterMinutes(7 * 60);
    expect(await run()).toEqual(NONE);
    afterMinutes(30);
    expect(await run()).toEqual({ ...NONE, sent: 1 });
    expect(gateway.sent).toHaveLength(1);
    expect((await alert.timelineWithDetail())[0]).toMatchObject({
      type: 'text_held',
      detail: { held: 'quiet_hours', until: '2026-03-02T22:30:00.000Z' },
    });
  });

  it('a text that is not true any more in the morning never leaves', async () => {
    const alert = await alerts.open(ELEVEN_PM, contact);
    await alert.owe('neighbour', 'contact');
    const { run, gateway } = dispatcher(NIGHT);
    await run();
    await alert.close('safe');
    afterMinutes(8 * 60);

    expect(await run()).toEqual({ ...NONE, muted: 1 });
    expect(gateway.sent).toEqual([]);
  });

  it('emergencies, the homes most at risk and the desk wait for nothing', async () => {
    const atRisk = await alerts.open(ELEVEN_PM, contact, { tier: 1 });
    await atRisk.owe('neighbour', 'contact');
    const inNeed = await alerts.open(ELEVEN_PM, contact, { tier: 3 });
    await inNeed.owe('neighbour', 'contact', 'emergency');
    const last = await alerts.open(ELEVEN_PM, { desk: { role: 'desk' } });
    await last.owe('desk', 'desk');

    expect(await dispatcher(NIGHT).run()).toEqual({ ...NONE, sent: 3 });
  });
});

describe('a contact of many homes', () => {
  it('gets no more texts an hour than allowed: several homes share one, each with its own way to its page', async () => {
    const { all } = await homesOfOneContact(10);
    const { run, gateway } = dispatcher(THREE_AN_HOUR);

    expect(await run()).toEqual({ ...NONE, sent: 10 });
    expect(gateway.sent).toHaveLength(3);
    const said = gateway.sent.map(({ body }) => body).join('\n');
    for (const { code } of all) expect(said).toContain(code);
    expect(new Set(said.match(/\/v\/[\w-]{22}/g)).size).toBe(10);
    for (const home of all) expect(await home.timeline()).toEqual(['text_sent']);
  });

  it('waits for what does not fit, and gets it as soon as there is room: nothing is dropped', async () => {
    const { all } = await homesOfOneContact(14);
    const { run, gateway } = dispatcher(THREE_AN_HOUR);

    expect(await run()).toEqual({ ...NONE, sent: 12, held: 2 });
    afterMinutes(59);
    expect(await run()).toEqual(NONE);
    afterMinutes(1);
    expect(await run()).toEqual({ ...NONE, sent: 2 });
    expect(gateway.sent).toHaveLength(5);
    const states = await Promise.all(all.map((home) => home.outboxStates()));
    expect(states.flat()).toEqual(Array.from({ length: 14 }, () => 'sent'));
  });

  it('hears of a home most at risk whatever else was sent', async () => {
    await homesOfOneContact(14);
    const { run, gateway } = dispatcher(THREE_AN_HOUR);
    await run();
    const [someone] = gateway.sent;
    const urgent = await alerts.open(clock.now(), contact, { tier: 1 });
    await urgent.oweTo(await personWith(someone!.to), 'contact');

    expect(await run()).toEqual({ ...NONE, sent: 1 });
    expect(gateway.sent.at(-1)?.to).toBe(someone?.to);
  });

  it('does not read the same home twice in one text', async () => {
    const home = await alerts.open(clock.now(), contact);
    for (let step = 0; step < 9; step += 1) await home.owe('neighbour', 'contact', 'check_request', step);
    const { run, gateway } = dispatcher(THREE_AN_HOUR);

    expect(await run()).toEqual({ ...NONE, sent: 9 });
    expect(gateway.sent).toHaveLength(1);
    expect(gateway.sent[0]?.body.match(/\/v\//g)).toHaveLength(1);
  });

  it('whose one text does not arrive has failed for every home in it: each asks its next person', async () => {
    const { all } = await homesOfOneContact(10);
    const { run } = dispatcher(THREE_AN_HOUR);
    await run();
    const { rows } = await database.pool.query<{ id: number }>('select id from delivery order by id');
    for (const { id } of rows) {
      const reference = referenceOf({ deliveryId: id });
      await recordReceipt(
        { pool: database.pool, clock, log },
        { gateway: 'scripted', reference, status: 'undelivered' },
      );
    }

    for (const home of all) {
      expect(await home.outboxStates()).toEqual(['failed']);
      expect(await home.timeline()).toEqual(['text_sent', 'text_failed', 'hastened']);
    }
  });

  it('is asked again about each home when the gateway took nothing', async () => {
    await homesOfOneContact(10);
    expect(
      await dispatcher(THREE_AN_HOUR, { outcome: () => ({ kind: 'retry', cause: 'rate_limited', afterMs: 0 }) }).run(),
    ).toEqual({ ...NONE, postponed: 10 });
    afterMinutes(1);
    const { run, gateway } = dispatcher(THREE_AN_HOUR);

    expect(await run()).toEqual({ ...NONE, sent: 10 });
    expect(gateway.sent).toHaveLength(3);
  });
});

describe('a shared text whose sender died', () => {
  const dying: GatewayScript = {
    outcome: () => {
      throw new Error('killed');
    },
  };

  it('was sent for every home in it when the gateway has it', async () => {
    const { all } = await homesOfOneContact(8);
    await dispatcher(THREE_AN_HOUR, dying).run();
    afterMinutes(2);
    let n = 0;
    const { run, gateway } = dispatcher(THREE_AN_HOUR, { lookup: () => Promise.resolve([`found-${(n += 1)}`]) });
    await run();

    expect(gateway.sent).toEqual([]);
    for (const home of all) expect(await home.outboxStates()).toEqual(['sent']);
  });

  it('is owed again for every home in it when the gateway has it not, even after its lease was freed', async () => {
    const { all } = await homesOfOneContact(8);
    await dispatcher(THREE_AN_HOUR, dying).run();
    afterMinutes(120);
    await freeExpiredLeases(database.pool, clock.now(), clock.now());
    const { run, gateway } = dispatcher(THREE_AN_HOUR, { lookup: () => Promise.resolve([]) });
    for (let round = 0; round < 3; round += 1) {
      await run();
      afterMinutes(61);
    }

    const states = await Promise.all(all.map((home) => home.outboxStates()));
    expect(states.flat()).toEqual(Array.from({ length: 8 }, () => 'sent'));
    const said = gateway.sent.map(({ body }) => body).join();
    for (const { code } of all) expect(said).toContain(code);
  });
});

describe('the whole service', () => {
  const limits: SendingLimits = { caps: { perNumberAnHour: 10, perHour: 10, reserve: 0.2 } };

  it('keeps a share of its texts for those who cannot wait', async () => {
    const calm = await Promise.all(Array.from({ length: 12 }, () => alerts.open(clock.now(), contact)));
    for (const alert of calm) await alert.owe('neighbour', 'contact');
    const { run } = dispatcher(limits);
    expect(await run()).toEqual({ ...NONE, sent: 8, held: 4 });

    const urgent = await alerts.open(clock.now(), contact, { tier: 1 });
    await urgent.owe('neighbour', 'contact');
    expect(await run()).toEqual({ ...NONE, sent: 1 });
    afterMinutes(60);
    expect(await run()).toEqual({ ...NONE, sent: 4 });
  });

  it('never passes the cap of a number, however many dispatchers there are', async () => {
    await homesOfOneContact(12);
    const dispatchers = [1, 2, 3].map(() => dispatcher(THREE_AN_HOUR));
    await Promise.all(dispatchers.map(({ run }) => run()));

    expect(dispatchers.flatMap(({ gateway }) => gateway.sent)).toHaveLength(3);
  });
});

async function personWith(phone: string): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>('select id from person where phone = $1', [phone]);
  return rows[0]!.id;
}
