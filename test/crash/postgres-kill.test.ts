import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto, startMosquitto, type TestBroker } from '../support/broker.ts';
import { useIngestProcesses } from '../support/ingest-process.ts';
import { type Kill, reportKills } from '../support/kill-report.ts';
import { useKillablePostgres } from '../support/killable-postgres.ts';
import { byForm } from '../support/long-form.ts';
import {
  auditReadings,
  countStored,
  NOTHING_WRONG,
  streamReadings,
  untilStored,
} from '../support/numbered-readings.ts';
import { headEndFor, registerMeter } from '../support/waterworks.ts';

const KILLS = byForm({ long: 20, short: 4 });
const TIME_LIMIT_MS = byForm({ long: 1_800_000, short: 280_000 });
const LONGEST_LIFE_MS = 600;
const LONGEST_DEATH_MS = 400;
const PER_SECOND = 200;
const A_LITTLE = 50;

describe.runIf(hasMosquitto())('a PostgreSQL that dies while readings come in', () => {
  const postgres = useKillablePostgres();
  const startIngester = useIngestProcesses();
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());

  it(
    'costs no reading and stores none twice, and the ingester goes on by itself',
    { timeout: TIME_LIMIT_MS },
    async () => {
      const serials = await Promise.all(Array.from({ length: 5 }, () => registerMeter(postgres.pool)));
      const ingester = startIngester({ databaseUrl: postgres.url, mqttUrl: broker.url });
      await ingester.ready;
      const stream = streamReadings(await headEndFor(broker.url), serials, PER_SECOND);
      const kills: Kill[] = [];
      let stored = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Something new must be stored first: then connection and batch are those of this life.
        await ingester.alive(untilStored(postgres.pool, serials, stored + A_LITTLE));
        const lifeMs = Math.round(Math.random() * LONGEST_LIFE_MS);
        await delay(lifeMs);
        stored = await countStored(postgres.pool, serials);
        await postgres.crash();
        kills.push({ moment: `${lifeMs} ms at work`, sent: stream.sent(), stored });
        await delay(Math.random() * LONGEST_DEATH_MS);
        await postgres.restart();
      }
      const sent = await stream.stop();
      await ingester.alive(untilStored(postgres.pool, serials, sent, 120_000));

      reportKills('PostgreSQL', kills);
      expect(await auditReadings(postgres.pool, serials, sent)).toEqual(NOTHING_WRONG);
      expect(await ingester.stop()).toBe(0);
      expect(ingester.complaints()).toBe('');
    },
  );
});
