import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes } from 'aedes';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type BrokerAddress, connectToBroker } from '../../../src/ingest/broker/connect.ts';
import { keepSubscribed } from '../../../src/ingest/broker/subscribe.ts';
import { WINDOW_MESSAGES } from '../../../src/ingest/intake.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { startEmbeddedBroker } from '../../../src/main/embedded/broker.ts';
import { freePort } from '../../../src/main/embedded/free-port.ts';
import { hasMosquitto, startMosquitto, type TestBroker } from '../../support/broker.ts';
import { useDatabase } from '../../support/database.ts';
import { type HeldMessage, takerOf } from '../../support/held-messages.ts';
import { aDay, headEndFor, ingestFor, registerMeter, storedReadings, topicOf } from '../../support/waterworks.ts';

const database = useDatabase();

async function connect(address: BrokerAddress) {
  const held: HeldMessage[] = [];
  const taker = takerOf((message, proceed) => {
    held.push(message);
    proceed();
  });
  const connection = await connectToBroker(address, taker);
  onTestFinished(() => connection.client.endAsync(true));
  return { ...connection, held };
}

describe('the ingester', () => {
  it('speaks MQTT 3.1.1 with a broker that refuses MQTT 5', async () => {
    const broker = await startEmbeddedBroker();
    onTestFinished(broker.stop);
    await expect(connect({ url: broker.url, clientId: 'a' })).resolves.toMatchObject({ isMqtt5: false });
  });

  it('speaks MQTT 3.1.1 with a broker that hangs up on MQTT 5 without a word', async () => {
    const aedes = await Aedes.createBroker();
    let calls = 0;
    const server = createServer((socket) => {
      calls += 1;
      if (calls === 1) socket.once('data', () => socket.destroy());
      else aedes.handle(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      aedes.close();
    });
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(connect({ url, clientId: 'a' })).resolves.toMatchObject({ isMqtt5: false });
  });

  it('says so when there is no broker, instead of waiting for one', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    await expect(connect({ url, clientId: 'a' })).rejects.toMatchObject({
      code: 'service_unreachable',
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('says so, and hangs up, when it may not listen to the meters', async () => {
    const aedes = await Aedes.createBroker({ authorizeSubscribe: (_client, _subscription, done) => done(null, null) });
    const server = createServer((socket) => aedes.handle(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      aedes.close();
    });
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;

    await expect(ingestFor(database.pool, url)).rejects.toMatchObject({ code: 'service_unreachable' });
    await vi.waitFor(() => expect(aedes.connectedClients).toBe(0));
  });

  it('speaks TLS where the URL asks for it, and says so when a broker has no certificate to show', async () => {
    const server = createTlsServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const url = `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(connect({ url, clientId: 'a' })).rejects.toMatchObject({
      code: 'service_unreachable',
      message: expect.stringContaining('handshake failure') as string,
    });
  });

  it('tells the broker the name and password that stand in its URL, if no others are set', async () => {
    const seen: unknown[] = [];
    const aedes = await Aedes.createBroker({
      authenticate: (_client, username, password, done) => {
        seen.push([username, String(password)]);
        done(null, true);
      },
    });
    const server = createServer((socket) => aedes.handle(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      aedes.close();
    });
    const url = `mqtt://in%40gest:p%2Fw@127.0.0.1:${(server.address() as AddressInfo).port}`;
    await connect({ url, clientId: 'a' });
    await connect({ url, clientId: 'b', username: 'other', password: 'word' });
    expect(seen).toEqual([
      ['in@gest', 'p/w'],
      ['other', 'word'],
    ]);
  });

  it('subscribes again at a broker that has forgotten everything', async () => {
    const port = await freePort();
    const before = await startEmbeddedBroker({ port });
    const serial = await registerMeter(database.pool);
    const ingest = await ingestFor(database.pool, before.url);
    await before.stop();
    const after = await startEmbeddedBroker({ port });
    onTestFinished(after.stop);

    const meter = await headEndFor(after.url);
    await vi.waitFor(
      async () => {
        await meter.publishAsync(topicOf(serial), JSON.stringify({ readings: aDay() }), { qos: 1 });
        expect(ingest.stats().messages).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(await storedReadings(database.pool, serial)).toEqual(aDay());
  });
});

describe.runIf(hasMosquitto())('with Mosquitto, the ingester', () => {
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());
  const log = createLogger('silent');

  it('speaks MQTT 5, and finds its session again', async () => {
    const first = await connect({ url: broker.url, clientId: 'returning' });
    expect(first).toMatchObject({ isMqtt5: true, isResumed: false });
    await first.client.endAsync();
    expect(await connect({ url: broker.url, clientId: 'returning' })).toMatchObject({ isMqtt5: true, isResumed: true });
  });

  it('is sent no more than it can hold until it acknowledges', async () => {
    const connection = await connect({ url: broker.url, clientId: 'holding' });
    await keepSubscribed(connection, { topicFilters: ['held/+'] }, log);
    const meter = await headEndFor(broker.url);
    const count = WINDOW_MESSAGES + 1_000;
    await Promise.all(Array.from({ length: count }, (_, seq) => meter.publishAsync('held/1', String(seq), { qos: 1 })));
    // The broker sends in order, so what it sent before its answer to a ping is here when the answer is.
    await pinged(connection.client);
    const underWay = connection.held.length;
    expect(underWay).toBeGreaterThanOrEqual(WINDOW_MESSAGES);
    expect(underWay).toBeLessThan(count);

    connection.held.forEach(({ acknowledge }) => acknowledge());
    await vi.waitFor(() => expect(connection.held).toHaveLength(count), { timeout: 20_000 });
    const numbers = connection.held.map(({ payload }) => Number(Buffer.from(payload).toString()));
    expect(numbers).toEqual(Array.from({ length: count }, (_, seq) => seq));
  });

  it('listens over WebSocket', async () => {
    const port = await freePort();
    const overWebSocket = await startMosquitto([`listener ${port} 127.0.0.1`, 'protocol websockets']);
    onTestFinished(overWebSocket.stop);
    const serial = await registerMeter(database.pool);
    // This listener may open a little later than the other one.
    await vi.waitFor(() => ingestFor(database.pool, `ws://ingest:secret@127.0.0.1:${port}/mqtt`), 20_000);
    const meter = await headEndFor(overWebSocket.url);
    const readings = aDay();
    await meter.publishAsync(topicOf(serial), JSON.stringify({ readings }), { qos: 1 });
    await vi.waitFor(async () => expect(await storedReadings(database.pool, serial)).toEqual(readings), 20_000);
  });

  it('divides the messages with the others of its group', async () => {
    const serial = await registerMeter(database.pool);
    const group = { sharedGroup: 'waterworks' };
    const both = [await ingestFor(database.pool, broker.url, group), await ingestFor(database.pool, broker.url, group)];
    const meter = await headEndFor(broker.url);
    const readings = aDay();
    await Promise.all(
      readings.map((reading) => meter.publishAsync(topicOf(serial), JSON.stringify(reading), { qos: 1 })),
    );
    await vi.waitFor(async () => expect(await storedReadings(database.pool, serial)).toEqual(readings), 20_000);

    const shares = both.map((ingest) => ingest.stats().messages);
    expect(shares.every((share) => share > 0)).toBe(true);
    expect(shares.reduce((sum, share) => sum + share)).toBe(readings.length);
  });
});

async function pinged(client: { sendPing: () => void } & object): Promise<void> {
  const emitter = client as unknown as NodeJS.EventEmitter;
  client.sendPing();
  for (;;) {
    const [packet] = (await once(emitter, 'packetreceive')) as [{ cmd: string }];
    if (packet.cmd === 'pingresp') return;
  }
}
