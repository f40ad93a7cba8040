import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHeadEnd } from '../../../../simulator/head-end/head-end.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { createLogger } from '../../../../src/core/logger.ts';
import { startIngest } from '../../../../src/ingest/start-ingest.ts';
import { hasMosquitto, type MosquittoBroker, startMosquitto } from '../../../support/broker.ts';
import { useDatabase } from '../../../support/database.ts';
import { gapsIn, numberedReading } from '../../../support/numbered-readings.ts';
import { headEndFor, registerMeter, storedReadings } from '../../../support/waterworks.ts';

const QUEUE = 100;
const MESSAGES = 500;
const HEAD_END = 'head-end-west';

describe.runIf(hasMosquitto())('messages that a broker drops because its queue is full', () => {
  const database = useDatabase();
  let broker: MosquittoBroker;
  beforeAll(async () => {
    broker = await startMosquitto([`max_queued_messages ${QUEUE}`, 'sys_interval 1']);
  });
  afterAll(() => broker.stop());

  /** On the machine's clock: what is missing is asked for after a moment. */
  const service = () =>
    startIngest({
      pool: database.pool,
      clock: systemClock,
      log: createLogger('silent'),
      mqtt: { url: broker.url, clientId: 'ingest' },
    });

  it('are missed by the service, asked for again, and all stored', async () => {
    const serial = await registerMeter(database.pool);
    // Its session stays, and the broker queues for it; but only so many.
    await (await service()).stop();
    const headEnd = await createHeadEnd({ url: broker.url, clientId: HEAD_END });
    onTestFinished(() => headEnd.close());
    const published = headEnd.publish(
      Array.from({ length: MESSAGES }, (_, number) => {
        const { topic, content } = numberedReading([serial], number);
        return { topic, payload: JSON.stringify({ at: content.at, index_l: content.index_l }) };
      }),
    );
    await untilDropped(MESSAGES - 2 * QUEUE);

    const ingest = await service();
    onTestFinished(() => ingest.stop());
    await published;
    expect(await storedReadings(database.pool, serial)).toHaveLength(MESSAGES);
    expect(await gapsIn(database.pool, new Map([[HEAD_END, MESSAGES]]))).toEqual([]);
  });

  /** The broker says how many it dropped, which is what an operator is told to watch. */
  async function untilDropped(atLeast: number): Promise<void> {
    const watcher = await headEndFor(broker.url);
    let dropped = 0;
    watcher.on('message', (_topic, payload) => (dropped = Number(payload.toString())));
    await watcher.subscribeAsync('$SYS/broker/publish/messages/dropped');
    await vi.waitFor(() => expect(dropped).toBeGreaterThanOrEqual(atLeast), { timeout: 15_000, interval: 100 });
  }
});
