import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../../../src/core/logger.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { createPool } from '../../../../src/db/pool.ts';
import { WINDOW_MESSAGES } from '../../../../src/ingest/intake.ts';
import { brokerKinds } from '../../../support/broker.ts';
import { useDatabase } from '../../../support/database.ts';
import { auditReadings, NOTHING_WRONG, streamReadings, untilStored } from '../../../support/numbered-readings.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { headEndFor, ingestFor, registerMeter } from '../../../support/waterworks.ts';

const LATENCY_MS = 200;
/** A batch is six statements and more of 200 ms each: about 700 messages a second get through. */
const PER_SECOND = 3_500;
const FOR_MS = 3_000;

const database = useDatabase();

describe.each(brokerKinds())('a database that answers slowly, with $kind', ({ start }) => {
  it('lets the messages wait at the broker: what is held stays bounded, the lag is seen, and nothing is dropped', async () => {
    await database.pool.query('truncate register_reading, quarantined_message, reading_conflict');
    const broker = await start();
    const url = new URL(database.url.reveal());
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    const pool = createPool(new Secret(url.href), 3, createLogger('silent'));
    onTestFinished(async () => {
      await pool.end();
      proxy.stop();
      await broker.stop();
    });
    const serials = await Promise.all(Array.from({ length: 5 }, () => registerMeter(database.pool)));
    const ingest = await ingestFor(pool, broker.url);
    proxy.delayBy(LATENCY_MS);

    const stream = streamReadings(await headEndFor(broker.url), serials, PER_SECOND);
    const waiting: number[] = [];
    const watching = setInterval(() => waiting.push(ingest.stats().pending), 20);
    onTestFinished(() => clearInterval(watching));
    await new Promise((resolve) => setTimeout(resolve, FOR_MS));
    const sent = await stream.stop();
    const { messages, pending } = ingest.stats();
    proxy.mend();
    await untilStored(database.pool, serials, sent);

    expect(messages).toBeLessThan(sent);
    expect(pending).toBeGreaterThan(0);
    // Mosquitto sends a few more than it was allowed.
    expect(Math.max(...waiting)).toBeLessThan(WINDOW_MESSAGES * 1.1);
    expect(await auditReadings(database.pool, serials, sent)).toEqual(NOTHING_WRONG);
  });
});
