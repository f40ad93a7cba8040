import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../../../../src/core/logger.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { createPool } from '../../../../src/db/pool.ts';
import { useDatabase } from '../../../support/database.ts';
import { type ObservedBroker, startObservedBroker } from '../../../support/observed-broker.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import {
  aDay,
  headEndFor,
  ingestFor,
  registerMeter,
  storedReadings,
  topicOf,
  untilTaken,
} from '../../../support/waterworks.ts';

/** As the ingester's own pool has it. */
const ANSWER_WITHIN_MS = 10_000;
const NOTICED_WITHIN_MS = 15_000;

const database = useDatabase();

describe('a way to PostgreSQL on which nothing arrives any more, and nobody is told', () => {
  it('is noticed within 15 s, and what waited is stored over a new connection', { timeout: 60_000 }, async () => {
    const serial = await registerMeter(database.pool);
    const url = new URL(database.url.reveal());
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    const pool = createPool(new Secret(url.href), 3, createLogger('silent'), { answerWithinMs: ANSWER_WITHIN_MS });
    const broker: ObservedBroker = await startObservedBroker();
    onTestFinished(async () => {
      // Before the pool: it waits for connections that will never answer.
      proxy.stop();
      await pool.end();
      await broker.stop();
    });
    const ingest = await ingestFor(pool, broker.url);
    const meter = await headEndFor(broker.url);
    const [first, second] = aDay().map((reading) => JSON.stringify(reading));
    await meter.publishAsync(topicOf(serial), first!, { qos: 1 });
    await untilTaken(ingest, 1);

    proxy.swallow();
    await meter.publishAsync(topicOf(serial), second!, { qos: 1 });
    await vi.waitFor(() => expect(ingest.stats().pending).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(broker.acknowledged).toEqual([first]);
    // The old connections stay as useless as they are; new ones would work.
    proxy.mend();

    const mendedMs = performance.now();
    await vi.waitFor(() => expect(broker.acknowledged).toEqual([first, second]), { timeout: 40_000, interval: 50 });
    expect(performance.now() - mendedMs).toBeLessThan(NOTICED_WITHIN_MS);
    expect(await storedReadings(database.pool, serial)).toEqual(aDay().slice(0, 2));
  });
});
