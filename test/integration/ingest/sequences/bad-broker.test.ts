import { createServer } from 'node:net';
import { once } from 'node:events';
import { Aedes } from 'aedes';
import { expect, it, onTestFinished } from 'vitest';
import { createHeadEnd } from '../../../../simulator/head-end/head-end.ts';
import { randomStream } from '../../../../simulator/random.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { createLogger } from '../../../../src/core/logger.ts';
import { startIngest } from '../../../../src/ingest/start-ingest.ts';
import { useDatabase } from '../../../support/database.ts';
import { registerMeter, topicOf } from '../../../support/waterworks.ts';

const database = useDatabase();
const MESSAGES = 400;
const MINUTE_MS = 60_000;
const BEGIN_MS = Date.UTC(2025, 0, 1);

/** A broker that acknowledges everything and passes on what it likes: a share of what is for anybody is dropped. */
async function startForgetfulBroker(share: number) {
  const chance = randomStream('forgetful broker');
  const dropped = { readings: 0, news: 0 };
  const aedes = await Aedes.createBroker({
    authorizeForward: (_client, packet) => {
      if (!chance.chance(share)) return packet;
      dropped[packet.topic.startsWith('head-ends/') ? 'readings' : 'news'] += 1;
      return null;
    },
  });
  const server = createServer((socket) => {
    aedes.handle(socket.setNoDelay(true));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    aedes.close();
  });
  const address = server.address();
  return { url: `mqtt://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`, dropped };
}

it('readings reach the store all the same when the broker drops a tenth of what it has taken', async () => {
  const serials = await Promise.all(Array.from({ length: 5 }, () => registerMeter(database.pool)));
  const broker = await startForgetfulBroker(0.1);
  const ingest = await startIngest({
    pool: database.pool,
    clock: systemClock,
    log: createLogger('silent'),
    mqtt: { url: broker.url, clientId: 'ingest' },
  });
  onTestFinished(() => ingest.stop());
  const headEnd = await createHeadEnd({ url: broker.url, clientId: 'east', patienceMs: 100 });
  onTestFinished(() => headEnd.close());

  await headEnd.publish(
    Array.from({ length: MESSAGES }, (_, number) => {
      const at = new Date(BEGIN_MS + number * MINUTE_MS).toISOString();
      return { topic: topicOf(serials[number % 5] ?? ''), payload: JSON.stringify({ at, index_l: number }) };
    }),
  );

  const { rows } = await database.pool.query<{ index_l: number }>(
    'select index_l from register_reading order by index_l',
  );
  expect(rows.map(({ index_l }) => index_l)).toEqual(Array.from({ length: MESSAGES }, (_, number) => number));
  expect(broker.dropped.readings).toBeGreaterThan(20);
  expect(broker.dropped.news).toBeGreaterThan(0);
  const { rows: gaps } = await database.pool.query('select from sequence_gap');
  expect(gaps).toEqual([]);
}, 30_000);
