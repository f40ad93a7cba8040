import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type HandTurnedClock, handTurnedClock } from '../../../../src/core/clock.ts';
import { createLogger } from '../../../../src/core/logger.ts';
import { startIngest } from '../../../../src/ingest/start-ingest.ts';
import { brokerKinds, type TestBroker } from '../../../support/broker.ts';
import { useDatabase } from '../../../support/database.ts';
import { ARRIVAL, registerMeter } from '../../../support/waterworks.ts';

const database = useDatabase();
const HOUR_MS = 3_600_000;

/** A message's own reading: each number stands for another hour. */
const reading = (number: number) => ({
  at: new Date(ARRIVAL.getTime() - (500 - number) * HOUR_MS).toISOString(),
  index_l: number,
});
const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

let lastSender = 0;

describe.each(brokerKinds())('a sender that numbers its messages, through $kind', ({ start }) => {
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker.stop());

  const ingester = async (clock: HandTurnedClock = handTurnedClock(ARRIVAL), sharedGroup?: string) => {
    const clientId = `ingest-${(lastSender += 1)}`;
    const mqtt = { url: broker.url, clientId, sharedGroup };
    const ingest = await startIngest({ pool: database.pool, clock, log: createLogger('silent'), mqtt });
    onTestFinished(() => ingest.stop());
    return ingest;
  };
  /** A head-end with one meter that hears what the service tells it. */
  const sender = async () => {
    const name = `head-end-${(lastSender += 1)}`;
    const serial = await registerMeter(database.pool);
    const client = await connectAsync(broker.url, { reconnectPeriod: 0 });
    onTestFinished(() => client.endAsync(true));
    const heard: Record<'ack' | 'resend', unknown[]> = { ack: [], resend: [] };
    client.on('message', (topic, payload) => {
      heard[topic.startsWith('ack/') ? 'ack' : 'resend'].push(JSON.parse(payload.toString()));
    });
    await client.subscribeAsync([`ack/${name}`, `resend/${name}`]);
    const send = (seq: number, more: object = {}) =>
      client.publishAsync(
        `head-ends/${name}/meters/${serial}/readings`,
        JSON.stringify({ ...reading(seq), seq, ...more }),
        { qos: 1 },
      );
    const stored = async () => {
      const { rows } = await database.pool.query<{ index_l: number }>(
        'select index_l from register_reading join meter on meter.id = meter_id where serial = $1 order by index_l',
        [serial],
      );
      return rows.map(({ index_l }) => index_l);
    };
    return { name, serial, client, heard, send, stored };
  };
  const gapsOf = async (name: string) => {
    const { rows } = await database.pool.query<{ first_seq: number; last_seq: number; given_up_at: Date | null }>(
      'select first_seq, last_seq, given_up_at from sequence_gap where sender = $1 order by first_seq',
      [name],
    );
    return rows;
  };

  it('hears of what is stored, as far as nothing is missing', async () => {
    await ingester();
    const { heard, send, stored } = await sender();
    await send(0);
    await send(1);
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 1 }));
    expect(await stored()).toEqual([0, 1]);
    expect(heard.resend).toEqual([]);
  });

  it('hears of nothing that is not committed', async () => {
    const { heard, send } = await sender();
    await ingester();
    await send(0);
    await eventually(() => expect(heard.ack).toEqual([{ stream: '', seq: 0 }]));

    const lock = await database.pool.connect();
    await lock.query('begin');
    await lock.query('lock register_reading in share row exclusive mode');
    await send(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard.ack).toHaveLength(1);
    await lock.query('commit');
    lock.release();
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 1 }));
  });

  it('is asked for what is missing, and hears of the rest when that has come', async () => {
    const clock = handTurnedClock(ARRIVAL);
    await ingester(clock);
    const { name, heard, send, stored } = await sender();
    for (const number of [0, 1, 4, 5]) await send(number);
    await eventually(async () => expect(await gapsOf(name)).toMatchObject([{ first_seq: 2, last_seq: 3 }]));
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 1 }));

    clock.advanceTo(new Date(ARRIVAL.getTime() + 1_000));
    await eventually(() => expect(heard.resend).toEqual([{ stream: '', from: 2, to: 3 }]));
    await send(3);
    await send(2);
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 5 }));
    expect(await stored()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await gapsOf(name)).toEqual([]);
  });

  it('hears once more of what it sends again, for then it cannot have heard', async () => {
    await ingester();
    const { heard, send, stored } = await sender();
    for (const number of [0, 1, 2]) await send(number);
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 2 }));
    heard.ack.length = 0;

    await send(1);
    await eventually(() => expect(heard.ack).toEqual([{ stream: '', seq: 2 }]));
    expect(await stored()).toEqual([0, 1, 2]);
  });

  it('has each of its rows counted by itself, since it starts another when it lost count', async () => {
    await ingester();
    const { heard, send } = await sender();
    await send(0, { stream: 'before' });
    await send(1, { stream: 'before' });
    await send(0, { stream: 'after' });
    await eventually(() => {
      expect(heard.ack).toContainEqual({ stream: 'before', seq: 1 });
      expect(heard.ack).toContainEqual({ stream: 'after', seq: 0 });
    });
    await send(3, { stream: 'after' });
    await send(2, { stream: 'before' });
    await eventually(() => expect(heard.ack).toContainEqual({ stream: 'before', seq: 2 }));
    expect(heard.ack).not.toContainEqual({ stream: 'after', seq: 3 });
  });

  it('is not asked for what it cannot send any more; that is put on record', async () => {
    await ingester();
    const { name, heard, send } = await sender();
    await send(0, { oldest: 0 });
    await send(4, { oldest: 3 });
    await eventually(async () =>
      expect(await gapsOf(name)).toEqual([
        { first_seq: 1, last_seq: 2, given_up_at: ARRIVAL },
        { first_seq: 3, last_seq: 3, given_up_at: null },
      ]),
    );
    await send(3, { oldest: 3 });
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 4 }));
  });

  it('hears of messages that nobody understood: they are kept as well', async () => {
    await ingester();
    const { heard, send, client, name } = await sender();
    await send(0, { index_l: -5 });
    await client.publishAsync(
      `head-ends/${name}/meters/nobody-knows-it/readings`,
      JSON.stringify({ ...reading(1), seq: 1 }),
      { qos: 1 },
    );
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 1 }));
  });

  it('hears of a message that the database would not have: that one is kept as well', async () => {
    await ingester();
    const { heard, send, stored } = await sender();
    await database.pool.query('alter table register_reading add constraint unlucky check (index_l <> 13) not valid');
    onTestFinished(async () => {
      await database.pool.query('alter table register_reading drop constraint unlucky');
    });
    await Promise.all([0, 1].map((number) => send(number)));
    await send(2, { index_l: 13 });
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 2 }));
    expect(await stored()).toEqual([0, 1]);
  });

  it('hears of everything when several ingesters divide its messages', async () => {
    const clock = handTurnedClock(ARRIVAL);
    await Promise.all([ingester(clock, 'ingest'), ingester(clock, 'ingest')]);
    const { heard, send, stored } = await sender();
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    await Promise.all(numbers.map((number) => send(number)));
    await eventually(() => expect(heard.ack.at(-1)).toEqual({ stream: '', seq: 299 }));
    expect(await stored()).toEqual(numbers);
  });

  it('that gives a row an impossible name is stored and not answered', async () => {
    await ingester();
    const { heard, send, stored } = await sender();
    await send(0, { stream: 'a row\u0000 of my own' });
    await send(1);
    await eventually(async () => expect(await stored()).toEqual([0, 1]));
    expect(heard.ack).toEqual([]);
  });
});
