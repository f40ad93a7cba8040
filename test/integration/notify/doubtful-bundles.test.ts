import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock, type HandTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import type { SendingLimits } from '../../../src/notify/dispatch-deps.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import type { SendOutcome, SmsGateway } from '../../../src/notify/sms-gateway.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import { scriptedGateway } from '../../support/scripted-gateway.ts';

const database = useDatabase();
const alerts = alertsIn(() => database.pool);
const NONE = { sent: 0, failed: 0, unknown: 0, muted: 0, postponed: 0, held: 0 };
const TEN = new Date('2026-03-02T02:00:00Z');
const ONE_AN_HOUR: SendingLimits = { caps: { perNumberAnHour: 1, perHour: 10_000, reserve: 0.2 } };
const UNKNOWN: SendOutcome = { kind: 'unknown' };
const BUSY: SendOutcome = { kind: 'retry', cause: 'rate_limited', afterMs: 0 };

let clock: HandTurnedClock;
beforeEach(async () => {
  clock = handTurnedClock(TEN);
  await database.pool.query('truncate outbox cascade');
});
const afterMinutes = (minutes: number) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000));

async function run(gateway: SmsGateway, fallbacks: SmsGateway[] = []) {
  const log = createLogger('silent');
  const publicBaseUrl = 'https://sw.example.org';
  return dispatchOutbox({ pool: database.pool, clock, log, gateway, fallbacks, publicBaseUrl, limits: ONE_AN_HOUR });
}

/** Three homes of one contact, each with a text owed to them: with one text an hour they share it. */
async function threeHomes() {
  const people = { neighbour: { role: 'contact' } } as const;
  const first = await alerts.open(TEN, people);
  const all = [first, await alerts.open(TEN, people), await alerts.open(TEN, people)];
  const contact = first.person('neighbour').id;
  for (const home of all) await home.oweTo(contact, 'contact');
  return { all, contact, codes: all.map(({ code }) => code) };
}

/** The homes that each text names. */
const named = (codes: readonly string[], sent: readonly { body: string }[]) =>
  sent.map(({ body }) => codes.filter((code) => body.includes(code)));

const flags = async () => {
  const { rows } = await database.pool.query<{ flagged: boolean }>(
    'select maybe_duplicate as flagged from delivery order by id',
  );
  return rows.map(({ flagged }) => flagged);
};

const states = async (homes: readonly { outboxStates: () => Promise<string[]> }[]) =>
  (await Promise.all(homes.map((home) => home.outboxStates()))).flat();

describe('a text about three homes of which nobody knows whether it left', () => {
  it('goes once more as one, flagged, and never a third time for any of them', async () => {
    const { all, codes } = await threeHomes();
    const deaf = scriptedGateway({ outcome: () => UNKNOWN });

    expect(await run(deaf)).toEqual({ ...NONE, unknown: 3 });
    afterMinutes(2);
    expect(await run(deaf)).toEqual({ ...NONE, postponed: 1 });
    expect(await run(deaf)).toEqual({ ...NONE, unknown: 3 });
    for (let runs = 0; runs < 5; runs += 1) {
      afterMinutes(61);
      await run(deaf);
    }

    expect(named(codes, deaf.sent)).toEqual([codes, codes]);
    expect(await flags()).toEqual([false, true]);
    expect(await states(all)).toEqual(['unknown', 'unknown', 'unknown']);
    for (const home of all) expect(await home.timeline()).toEqual(['text_unknown', 'text_unknown', 'text_unknown']);
  });

  it('is looked for, and found was sent for all of them', async () => {
    const { all } = await threeHomes();
    await run(scriptedGateway({ outcome: () => UNKNOWN, lookup: () => Promise.resolve([]) }));
    afterMinutes(2);
    const gateway = scriptedGateway({ lookup: () => Promise.resolve(['found-1']) });

    expect(await run(gateway)).toEqual({ ...NONE, sent: 1 });
    expect(gateway.sent).toEqual([]);
    expect(await states(all)).toEqual(['sent', 'sent', 'sent']);
  });

  it('is still repeated for the others when the home that it named first is over, and that is told', async () => {
    const { all, contact, codes } = await threeHomes();
    await run(scriptedGateway({ outcome: () => UNKNOWN }));
    await all[0]?.close('safe');
    await all[0]?.oweTo(contact, 'contact', 'stand_down');
    afterMinutes(2);
    const gateway = scriptedGateway();

    await run(gateway);
    for (let runs = 0; runs < 3; runs += 1) {
      await run(gateway);
      afterMinutes(61);
    }
    const asked = gateway.sent.filter(({ intent }) => intent === 'check_request');
    const told = gateway.sent.filter(({ intent }) => intent === 'stand_down');
    expect(named(codes, asked)).toEqual([codes.slice(1)]);
    expect(named(codes, told)).toEqual([codes.slice(0, 1)]);
    expect(await states(all)).toEqual(['muted', 'sent', 'sent', 'sent']);
  });

  it('keeps its flag for each of them when the gateway is busy at the second time', async () => {
    const { codes } = await threeHomes();
    const gateway = scriptedGateway({ outcome: (_, n) => (n === 2 ? BUSY : UNKNOWN) });
    await run(gateway);
    for (let runs = 0; runs < 12; runs += 1) {
      afterMinutes(10);
      await run(gateway);
    }

    expect(named(codes, gateway.sent)).toEqual([codes, codes, codes]);
    expect(await flags()).toEqual([false, true, true]);
  });

  it('is not joined by a home that has not been texted: that one can be tried again', async () => {
    const { contact, codes } = await threeHomes();
    const deaf = scriptedGateway({ outcome: () => UNKNOWN });
    await run(deaf);
    afterMinutes(2);
    await run(deaf);
    const fresh = await alerts.open(TEN, {});
    await fresh.oweTo(contact, 'contact');
    await run(deaf);
    for (let runs = 0; runs < 30; runs += 1) {
      afterMinutes(10);
      await run(deaf);
    }

    expect(named([...codes, fresh.code], deaf.sent)).toEqual([codes, codes, [fresh.code], [fresh.code]]);
    expect(await flags()).toEqual([false, true, false, true]);
  });
});

describe('a text about three homes that the second gateway has no room for', () => {
  it('leaves there as three, each with a fate of its own', async () => {
    const { all, codes } = await threeHomes();
    const second = scriptedGateway({
      outcome: ({ body }) => (body.includes(codes[0]!) ? { kind: 'accepted', reference: 'r-1', parts: 1 } : UNKNOWN),
    });
    const narrow: SmsGateway = {
      ...second,
      name: 'narrow',
      render: (content) =>
        named(codes, [content])[0]?.length === 1
          ? second.render(content)
          : { kind: 'refused', cause: 'content_refused', detail: 'one home a text' },
    };

    await run(scriptedGateway({ outcome: () => BUSY }), [narrow]);
    expect(named(codes, second.sent).flat().toSorted()).toEqual(codes);
    expect(second.sent).toHaveLength(3);
    expect(await states(all)).toEqual(['sent', 'sending', 'sending']);
    const timelines = await Promise.all(all.map((home) => home.timeline()));
    expect(timelines).toEqual(['text_sent', 'text_unknown', 'text_unknown'].map((fate) => ['text_rerouted', fate]));
  });
});
