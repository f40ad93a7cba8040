import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { hasMosquitto, startMosquitto, type TestBroker } from '../support/broker.ts';
import { useDatabase } from '../support/database.ts';
import { useIngestProcesses } from '../support/ingest-process.ts';
import { reportKills } from '../support/kill-report.ts';
import { byForm } from '../support/long-form.ts';
import {
  auditReadings,
  countStored,
  NOTHING_WRONG,
  type ReadingStream,
  streamReadings,
  untilStored,
} from '../support/numbered-readings.ts';
import { headEndFor, registerMeter } from '../support/waterworks.ts';

const NAMED_MOMENTS = [
  'ingest.before_commit',
  'ingest.after_commit',
  'ingest.after_puback',
  'sequences.before_merge',
  'sequences.after_merge',
];
/** At which pass of a named moment the process dies: one of these. */
const PASSES = byForm({ long: [1, 2, 3, 5], short: [2] });
const RANDOM_MOMENTS = byForm({ long: 20, short: 4 });
const TIME_LIMIT_MS = byForm({ long: 1_800_000, short: 280_000 });
const LONGEST_LIFE_MS = 400;
const PER_SECOND = 200;
const A_LITTLE = 50;

/** Only a broker outside the process keeps what a killed ingester had not acknowledged. */
describe.runIf(hasMosquitto())('an ingester that is killed', () => {
  const database = useDatabase();
  const startIngester = useIngestProcesses();
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());

  const ingester = (crashAt?: string) =>
    startIngester({
      databaseUrl: database.url.reveal(),
      mqttUrl: broker.url,
      ...(crashAt !== undefined && { crashAt }),
    });
  /** The stream never waits for anybody, so that every ingester is killed at work. */
  const untilAtWork = async (stream: ReadingStream) => {
    const before = stream.sent();
    while (stream.sent() < before + A_LITTLE) await delay(10);
  };

  it('loses no reading and stores none twice, whenever it is', { timeout: TIME_LIMIT_MS }, async () => {
    const serials = await Promise.all(Array.from({ length: 5 }, () => registerMeter(database.pool)));
    // From the first visit on, the broker keeps what nobody has acknowledged.
    const first = ingester();
    await first.ready;
    first.kill();
    await first.ended;

    const stream = streamReadings(await headEndFor(broker.url), serials, PER_SECOND);
    const kills: { moment: string; sent: number; stored: number }[] = [];
    // Where it ran out of time, this says at which kill.
    onTestFailed(() => reportKills('ingester', kills));
    for (const moment of NAMED_MOMENTS.flatMap((name) => PASSES.map((pass) => `${name}:${pass}`))) {
      expect(await ingester(moment).ended).toBe('SIGKILL');
      kills.push({ moment, sent: stream.sent(), stored: await countStored(database.pool, serials) });
    }
    for (let kill = 0; kill < RANDOM_MOMENTS; kill += 1) {
      const victim = ingester();
      await victim.ready;
      await untilAtWork(stream);
      const lifeMs = Math.round(Math.random() * LONGEST_LIFE_MS);
      await delay(lifeMs);
      victim.kill();
      expect(await victim.ended).toBe('SIGKILL');
      const stored = await countStored(database.pool, serials);
      kills.push({ moment: `${lifeMs} ms at work`, sent: stream.sent(), stored });
    }
    const sent = await stream.stop();
    const survivor = ingester();
    await survivor.ready;
    await survivor.alive(untilStored(database.pool, serials, sent, 120_000));

    reportKills('ingester', kills);
    expect(await auditReadings(database.pool, serials, sent)).toEqual(NOTHING_WRONG);
    expect(await survivor.stop()).toBe(0);
    expect(survivor.complaints()).toBe('');
  });
});
