import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../../../src/core/clock.ts';
import { brokerDrops } from '../../../../src/db/broker-drops.ts';
import { DAY_MS } from '../../../../src/domain/time.ts';
import { DROPPED_TOPICS } from '../../../../src/ingest/broker/dropped-messages.ts';
import { startIngest } from '../../../../src/ingest/start-ingest.ts';
import { checkBrokerDrops } from '../../../../src/main/commands/doctor/broker-drops.ts';
import { createMetrics } from '../../../../src/web/health/metrics.ts';
import { hasMosquitto, startMosquitto } from '../../../support/broker.ts';
import { useDatabase } from '../../../support/database.ts';
import { loggerWithLines } from '../../../support/log-lines.ts';
import { numberedReading } from '../../../support/numbered-readings.ts';
import { headEndFor, registerMeter, storedReadings } from '../../../support/waterworks.ts';

const QUEUE = 10;
const MESSAGES = 60;
const PATIENCE = { timeout: 20_000, interval: 100 };

const database = useDatabase();
beforeEach(() => database.pool.query('truncate broker_drops'));

async function service(url: string) {
  const { log, lines } = loggerWithLines();
  const mqtt = { url, clientId: 'ingest' };
  const ingest = await startIngest({ pool: database.pool, clock: systemClock, log, mqtt });
  onTestFinished(() => ingest.stop());
  const errors = () =>
    lines()
      .split('\n')
      .filter((line) => line.includes('"level":50'));
  return { stop: ingest.stop, errors, lines };
}

const heard = () => brokerDrops(database.pool);
const doctorSays = async (at = new Date()) => checkBrokerDrops(await heard(), at);
const untilHeard = () => vi.waitFor(async () => expect(await heard()).toHaveLength(1), PATIENCE);

async function startAedes(options: Parameters<typeof Aedes.createBroker>[0] = {}) {
  const aedes = await Aedes.createBroker(options);
  const server = createServer(aedes.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
  });
  return { aedes, url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function scrape(): Promise<string> {
  const metrics = createMetrics();
  metrics.collectFrom(database.pool, systemClock);
  return metrics.render();
}

async function publishReadings(url: string): Promise<string> {
  const serial = await registerMeter(database.pool);
  const headEnd = await headEndFor(url);
  const messages = Array.from({ length: MESSAGES }, (_, number) => numberedReading([serial], number));
  await Promise.all(messages.map(({ topic, payload }) => headEnd.publishAsync(topic, payload, { qos: 1 })));
  return serial;
}

describe.runIf(hasMosquitto())('messages that the broker dropped while the service was away', () => {
  it('are told once it is back, in the log, to the monitoring and by the doctor; the next start says nothing', async () => {
    const broker = await startMosquitto([`max_queued_messages ${QUEUE}`, 'sys_interval 1']);
    onTestFinished(() => broker.stop());
    const before = await service(broker.url);
    await untilHeard();
    expect((await doctorSays()).status).toBe('ok');
    await before.stop();
    const serial = await publishReadings(broker.url);

    const after = await service(broker.url);
    await vi.waitFor(async () => {
      const stored = (await storedReadings(database.pool, serial)).length;
      expect((await heard())[0]?.dropped).toBe(MESSAGES - stored);
    }, PATIENCE);
    await after.stop();
    const dropped = (await heard())[0]?.dropped ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(before.errors()).toEqual([]);
    expect(after.errors().at(-1)).toContain(`"dropped":${dropped},"msg":"the broker dropped messages`);
    expect(await scrape()).toContain(`stillwater_broker_messages_dropped{client="ingest"} ${dropped}\n`);
    expect(await doctorSays()).toMatchObject({
      status: 'warning',
      found: expect.stringContaining(`${dropped} altogether`),
    });
    expect((await doctorSays(new Date(Date.now() + 8 * DAY_MS))).status).toBe('ok');

    await broker.kill();
    await broker.restart();
    const later = await service(broker.url);
    await vi.waitFor(async () => expect(await counter()).toBe(0), PATIENCE);
    await later.stop();
    expect(later.errors()).toEqual([]);
    expect((await heard())[0]?.dropped).toBe(dropped);
  });

  async function counter(): Promise<number> {
    const { rows } = await database.pool.query<{ counter: string }>('select counter from broker_drops');
    return Number(rows[0]?.counter);
  }
});

describe('a broker of several nodes', () => {
  it('is heard on the counter of each, as EMQX publishes them, and only a rise is told', async () => {
    const { aedes, url } = await startAedes();
    const say = (node: string, count: number) =>
      new Promise((resolve) => {
        const topic = `$SYS/brokers/${node}/metrics/delivery/dropped/queue_full`;
        const packet = { cmd: 'publish', qos: 0, dup: false, retain: true } as const;
        aedes.publish({ ...packet, topic, payload: Buffer.from(String(count)) }, resolve);
      });
    await say('emqx@one', 3);
    await say('emqx@two', 0);
    const { errors } = await service(url);
    await vi.waitFor(async () => expect(await heard()).toHaveLength(2), PATIENCE);
    expect(errors()).toEqual([]);

    await say('emqx@one', 5);
    await vi.waitFor(
      () => expect(errors().at(-1)).toContain('"dropped":2,"msg":"the broker dropped messages'),
      PATIENCE,
    );
    expect(await scrape()).toContain('stillwater_broker_messages_dropped{client="ingest emqx@one"} 2\n');
    expect(await scrape()).toContain('stillwater_broker_messages_dropped{client="ingest emqx@two"} 0\n');
  });
});

describe('a broker that hangs up on whoever asks it what it dropped', () => {
  it('is not asked again on the next connection, and its readings are taken', async () => {
    const asked: string[] = [];
    const { url } = await startAedes({
      authorizeSubscribe: (client, subscription, done) => {
        if (!subscription.topic.startsWith('$SYS')) {
          done(null, subscription);
          return;
        }
        asked.push(subscription.topic);
        client.close();
      },
    });
    const { lines } = await service(url);
    await vi.waitFor(() => expect(lines()).toContain('connected to the MQTT broker again'), PATIENCE);

    const serial = await publishReadings(url);
    await vi.waitFor(async () => expect(await storedReadings(database.pool, serial)).toHaveLength(MESSAGES), PATIENCE);
    expect(asked).toEqual([...DROPPED_TOPICS]);
  });
});
