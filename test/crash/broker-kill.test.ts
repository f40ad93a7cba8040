import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createHeadEnd, type HeadEnd } from '../../simulator/head-end/head-end.ts';
import { DURABLE, hasMosquitto, type MosquittoBroker, startMosquitto } from '../support/broker.ts';
import { useDatabase } from '../support/database.ts';
import { useIngestProcesses } from '../support/ingest-process.ts';
import { type Kill, reportKills } from '../support/kill-report.ts';
import { byForm } from '../support/long-form.ts';
import { auditReadings, countStored, gapsIn, numberedReading, untilStored } from '../support/numbered-readings.ts';
import { registerMeter } from '../support/waterworks.ts';

const KILLS = byForm({ long: 20, short: 3 });
/** Of these, so many find the broker without its memory when it comes back: sessions, subscriptions, messages. */
const EVERY_NTH_FORGETS = 3;
const TIME_LIMIT_MS = byForm({ long: 1_800_000, short: 280_000 });
const LONGEST_LIFE_MS = 1_500;
const LONGEST_DEATH_MS = 500;
const BEAT_MS = 50;
const A_BEAT = 10;
const A_LITTLE = 100;
const HEAD_END = 'head-end-east';

describe.runIf(hasMosquitto())('a broker that is killed while readings come in', () => {
  const database = useDatabase();
  const startIngester = useIngestProcesses();
  let broker: MosquittoBroker;
  beforeAll(async () => {
    broker = await startMosquitto(['max_queued_messages 0', ...DURABLE]);
  });
  afterAll(() => broker.stop());

  it(
    'costs no reading and stores none twice: the head-end keeps what is not stored',
    { timeout: TIME_LIMIT_MS },
    async () => {
      const serials = await Promise.all(Array.from({ length: 5 }, () => registerMeter(database.pool)));
      const ingester = startIngester({ databaseUrl: database.url.reveal(), mqttUrl: broker.url });
      await ingester.ready;
      const headEnd = await createHeadEnd({ url: broker.url, clientId: HEAD_END });
      onTestFinished(() => headEnd.close());
      const stream = streamThrough(headEnd, serials);
      const kills: Kill[] = [];
      let stored = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        await ingester.alive(untilStored(database.pool, serials, stored + A_LITTLE, 120_000));
        const lifeMs = Math.round(Math.random() * LONGEST_LIFE_MS);
        await delay(lifeMs);
        await broker.kill();
        stored = await countStored(database.pool, serials);
        const forgets = kill % EVERY_NTH_FORGETS === EVERY_NTH_FORGETS - 1;
        if (forgets) broker.forget();
        kills.push({ moment: `${lifeMs} ms at work${forgets ? ', memory wiped' : ''}`, sent: stream.sent(), stored });
        await delay(Math.random() * LONGEST_DEATH_MS);
        await broker.restart();
      }
      // Resolves when the service has said that all are stored: then they are.
      const sent = await ingester.alive(stream.stop());
      const audit = await auditReadings(database.pool, serials, sent);

      reportKills('Mosquitto', kills);
      console.log(`${sent} readings; ${headEnd.counts().resent} messages were sent again`);
      expect(audit).toMatchObject({ lost: [], twice: [], strange: [], aside: 0 });
      expect(await gapsIn(database.pool, new Map([[HEAD_END, sent]]))).toEqual([]);
      expect(await ingester.stop()).toBe(0);
      expect(ingester.complaints()).toBe('');
    },
  );
});

/** Gives the head-end another few numbered readings every moment. */
function streamThrough(headEnd: HeadEnd, serials: readonly string[]) {
  const publishing: Promise<void>[] = [];
  let sent = 0;
  const timer = setInterval(() => {
    const messages = Array.from({ length: A_BEAT }, (_, place) => {
      const { topic, content } = numberedReading(serials, sent + place);
      // The head-end counts by itself.
      return { topic, payload: JSON.stringify({ at: content.at, index_l: content.index_l }) };
    });
    sent += A_BEAT;
    const published = headEnd.publish(messages);
    published.catch(() => undefined);
    publishing.push(published);
  }, BEAT_MS);
  onTestFinished(() => clearInterval(timer));
  return {
    sent: () => sent,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(publishing);
      return sent;
    },
  };
}
