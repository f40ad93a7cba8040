import { once } from 'node:events';
import { connect } from 'node:net';
import { MqttClient } from 'mqtt';
import type { PoolClient } from 'pg';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createPool } from '../../../src/db/pool.ts';
import { MessageTap } from '../../../src/ingest/broker/message-tap.ts';
import { useDatabase } from '../../support/database.ts';
import { type HeldMessage, takerOf } from '../../support/held-messages.ts';
import { type ObservedBroker, startObservedBroker } from '../../support/observed-broker.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import {
  aDay,
  headEndFor,
  ingestFor,
  registerMeter,
  storedReadings,
  topicOf,
  untilTaken,
} from '../../support/waterworks.ts';

const database = useDatabase();
let broker: ObservedBroker;
beforeEach(async () => {
  broker = await startObservedBroker();
});
afterEach(() => broker.stop());

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

/** Keeps everybody from writing readings until it is let go. */
async function lockReadings(): Promise<PoolClient> {
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query('lock table register_reading in access exclusive mode');
  return client;
}
async function letGo(lock: PoolClient): Promise<void> {
  await lock.query('rollback');
  lock.release();
}

describe('a message', () => {
  it('is acknowledged after it was committed, never before', async () => {
    const serial = await registerMeter(database.pool);
    const ingest = await ingestFor(database.pool, broker.url);
    const meter = await headEndFor(broker.url);
    const payloads = aDay().map((reading) => JSON.stringify(reading));

    const lock = await lockReadings();
    await Promise.all(payloads.map((payload) => meter.publishAsync(topicOf(serial), payload, { qos: 1 })));
    await eventually(() => expect(ingest.stats().pending).toBe(24));
    expect(broker.acknowledged).toEqual([]);

    await letGo(lock);
    await eventually(() => expect(broker.acknowledged).toEqual(payloads));
    expect(await storedReadings(database.pool, serial)).toEqual(aDay());
  });

  it('that came over a connection which broke is stored, sent again by the broker and acknowledged once', async () => {
    const serial = await registerMeter(database.pool);
    const ingest = await ingestFor(database.pool, broker.url);
    const meter = await headEndFor(broker.url);
    const payload = JSON.stringify(aDay()[0]);

    const lock = await lockReadings();
    await meter.publishAsync(topicOf(serial), payload, { qos: 1 });
    await eventually(() => expect(ingest.stats().pending).toBe(1));
    broker.cutConnections();
    await eventually(() => expect(ingest.stats().pending).toBe(2));
    await letGo(lock);
    await untilTaken(ingest, 2);

    await eventually(() => expect(broker.acknowledged).toEqual([payload]));
    expect(ingest.stats()).toMatchObject({ readingsStored: 1, repeats: 1 });
  });

  it('waits for a database that is away, and is stored and acknowledged when that is back', async () => {
    const serial = await registerMeter(database.pool);
    const url = new URL(database.url.reveal());
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    const pool = createPool(new Secret(url.href), 3, createLogger('silent'));
    onTestFinished(async () => {
      await pool.end();
      proxy.stop();
    });
    const ingest = await ingestFor(pool, broker.url);
    const meter = await headEndFor(broker.url);
    const payloads = aDay().map((reading) => JSON.stringify(reading));
    await meter.publishAsync(topicOf(serial), payloads[0]!, { qos: 1 });
    await untilTaken(ingest, 1);

    proxy.cut();
    await Promise.all(payloads.slice(1).map((payload) => meter.publishAsync(topicOf(serial), payload, { qos: 1 })));
    await eventually(() => expect(ingest.stats().pending).toBe(23));
    expect(broker.acknowledged).toHaveLength(1);

    proxy.mend();
    await untilTaken(ingest, 24);
    await eventually(() => expect(broker.acknowledged).toEqual(payloads));
    expect(await storedReadings(database.pool, serial)).toEqual(aDay());
  });

  it('that PostgreSQL will not have goes into quarantine, and all others of its batch are stored', async () => {
    const serial = await registerMeter(database.pool);
    await database.pool.query('alter table register_reading add constraint unlucky check (index_l <> 1065) not valid');
    onTestFinished(async () => {
      await database.pool.query('alter table register_reading drop constraint unlucky');
    });
    const ingest = await ingestFor(database.pool, broker.url);
    const meter = await headEndFor(broker.url);
    const lucky = aDay().filter(({ index_l }) => index_l !== 1_065);
    const payloads = aDay().map((reading) => JSON.stringify(reading));
    await Promise.all(payloads.map((payload) => meter.publishAsync(topicOf(serial), payload, { qos: 1 })));
    await untilTaken(ingest, 24);

    expect(await storedReadings(database.pool, serial)).toEqual(lucky);
    const { rows } = await database.pool.query('select reason, detail from quarantined_message where topic = $1', [
      topicOf(serial),
    ]);
    expect(rows).toEqual([{ reason: 'database_refused', detail: 'SQLSTATE 23514' }]);
    await eventually(() => expect(broker.acknowledged).toEqual(payloads));
  });

  it('that was not stored when the ingester stopped is there for the next one', async () => {
    const serial = await registerMeter(database.pool);
    const first = await ingestFor(database.pool, broker.url, { clientId: 'ingest' });
    const meter = await headEndFor(broker.url);
    await first.stop();
    await meter.publishAsync(topicOf(serial), JSON.stringify({ readings: aDay() }), { qos: 1 });

    const second = await ingestFor(database.pool, broker.url, { clientId: 'ingest' });
    await untilTaken(second, 1);
    expect(await storedReadings(database.pool, serial)).toEqual(aDay());
  });

  it('that is under way when the ingester stops is still stored and acknowledged', async () => {
    const serial = await registerMeter(database.pool);
    const ingest = await ingestFor(database.pool, broker.url);
    const meter = await headEndFor(broker.url);
    const lock = await lockReadings();
    await meter.publishAsync(topicOf(serial), JSON.stringify(aDay()[0]), { qos: 1 });
    await eventually(() => expect(ingest.stats().pending).toBe(1));

    const stopped = ingest.stop();
    await letGo(lock);
    await stopped;
    await eventually(() => expect(broker.acknowledged).toHaveLength(1));
    expect(await storedReadings(database.pool, serial)).toHaveLength(1);
  });
});

describe('a client that is given no message', () => {
  const KEEPALIVE_S = 1;

  /** A client that keeps what it is given, and decides by itself when to go on. */
  async function holdingClient(onHeld?: (proceed: () => void) => void) {
    const held: HeldMessage[] = [];
    const taker = takerOf((message, proceed) => {
      held.push(message);
      if (onHeld) onHeld(proceed);
      else proceed();
    });
    const open = (onBytes: (bytes: Buffer) => void) => connect(Number(new URL(broker.url).port)).on('data', onBytes);
    const client = new MqttClient(() => new MessageTap(open, { version: 4, keptPayloadBytes: 100, taker }), {
      clientId: 'holding',
      clean: false,
      keepalive: KEEPALIVE_S,
      reconnectPeriod: 50,
    });
    onTestFinished(() => client.endAsync(true));
    await once(client as unknown as NodeJS.EventEmitter, 'connect');
    await client.subscribeAsync('meters/+/readings', { qos: 1 });
    return { client, held };
  }
  const publish = async (meter: MqttClient, ...payloads: string[]) => {
    for (const payload of payloads) await meter.publishAsync('meters/WM-1/readings', payload, { qos: 1 });
  };

  it('has the next one handed on while the last is not acknowledged, and acknowledges nothing by itself', async () => {
    const { held } = await holdingClient();
    await publish(await headEndFor(broker.url), 'a', 'b', 'c');
    await eventually(() => expect(held).toHaveLength(3));
    expect(broker.acknowledged).toEqual([]);

    for (const message of held) message.acknowledge();
    await eventually(() => expect(broker.acknowledged).toEqual(['a', 'b', 'c']));
  });

  it('never answers over a new connection for a message of an old one', async () => {
    const { client, held } = await holdingClient();
    await publish(await headEndFor(broker.url), 'a');
    await eventually(() => expect(held).toHaveLength(1));
    broker.cutConnections();
    await once(client as unknown as NodeJS.EventEmitter, 'close');
    held[0]!.acknowledge();
    await eventually(() => expect(held).toHaveLength(2));
    held[0]!.acknowledge();

    await publish(await headEndFor(broker.url), 'b');
    await eventually(() => expect(held).toHaveLength(3));
    held[2]!.acknowledge();
    await eventually(() => expect(broker.acknowledged).toEqual(['b']));
    held[1]!.acknowledge();
    await eventually(() => expect(broker.acknowledged).toEqual(['b', 'a']));
  });

  it('reads nothing more until it may, and does not take the broker for dead meanwhile', async () => {
    const proceeding: (() => void)[] = [];
    const { client, held } = await holdingClient((proceed) => proceeding.push(proceed));
    const closed = vi.fn();
    client.on('close', closed);
    await publish(await headEndFor(broker.url), 'a', 'b');
    await eventually(() => expect(held).toHaveLength(1));
    await pingsSent(client, 4);
    expect(held).toHaveLength(1);
    expect(closed).not.toHaveBeenCalled();

    proceeding[0]!();
    await eventually(() => expect(held).toHaveLength(2));
    proceeding[1]!();
  });

  function pingsSent(client: MqttClient, count: number): Promise<void> {
    let sent = 0;
    return new Promise((resolve) => {
      client.on('packetsend', ({ cmd }) => {
        sent += cmd === 'pingreq' ? 1 : 0;
        if (sent === count) resolve();
      });
    });
  }
});
