import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BUILT_IN_DECODERS } from '../../src/ingest/decoders/decoders.ts';
import { takenFromMs } from '../../src/domain/metering/retention.ts';
import { interpret } from '../../src/ingest/interpret.ts';
import { draftOf } from '../../src/ingest/batch-draft.ts';
import { hasMosquitto, startMosquitto, type TestBroker } from '../support/broker.ts';
import { useDatabase } from '../support/database.ts';
import { type HostileMessage, hostileMessages } from '../support/hostile/hostile-messages.ts';
import { useIngestProcesses } from '../support/ingest-process.ts';
import { byForm } from '../support/long-form.ts';
import { auditReadings } from '../support/numbered-readings.ts';
import { headEndFor, registerMeter } from '../support/waterworks.ts';

const MESSAGES = byForm({ long: 30_000, short: 3_000 });
const TIME_LIMIT_MS = byForm({ long: 600_000, short: 60_000 });
const SEED = Number(process.env['STILLWATER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** For how long the ingester keeps readings when nobody says otherwise. */
const KEPT_DAYS = 400;
/** The same grammar gives batches of at most 16 MB waiting; the rest is what Node takes for itself. */
const MOST_MEMORY_BYTES = 400 * 1024 * 1024;

describe.runIf(hasMosquitto())('messages that nobody should send, through broker, ingester and database', () => {
  const database = useDatabase();
  const startIngester = useIngestProcesses();
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());

  const quarantined = async () => {
    const { rows } = await database.pool.query<{ reason: string; count: number }>(
      'select reason, count(*) as count from quarantined_message group by reason',
    );
    return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
  };

  it(
    `are kept with their reasons, and every good one among the ${MESSAGES} is stored`,
    { timeout: TIME_LIMIT_MS },
    async () => {
      const register = (count: number) =>
        Promise.all(Array.from({ length: count }, () => registerMeter(database.pool)));
      const [serials, victims] = [await register(3), await register(3)];
      const ingester = startIngester({ databaseUrl: database.url.reveal(), mqttUrl: broker.url });
      await ingester.ready;
      const client = await headEndFor(broker.url);
      const topicFilters = BUILT_IN_DECODERS.flatMap((decoder) => decoder.topicFilters);
      const source = hostileMessages({ seed: SEED, serials, victims, topicFilters, withImpossibleTopics: false });

      let peak = 0;
      let good = 0;
      const expected: Record<string, number> = {};
      for (let sent = 0; sent < MESSAGES; sent += 1) {
        const message = source.next().value as HostileMessage;
        if (message.number !== undefined) good += 1;
        for (const reason of reasonsOf(message, [...serials, ...victims]))
          expected[reason] = (expected[reason] ?? 0) + 1;
        await client.publishAsync(message.topic, Buffer.from(message.payload), { qos: 1 });
        if (sent % 100 === 0) peak = Math.max(peak, ingester.memory());
      }
      await vi.waitFor(async () => expect(await quarantined(), `with seed ${SEED}`).toEqual(expected), {
        timeout: 30_000,
        interval: 200,
      });

      console.log(
        `seed ${SEED}: ${MESSAGES} messages, ${good} of them good; at most ${Math.round(peak / 1_048_576)} MiB`,
      );
      console.table(expected);
      expect(await auditReadings(database.pool, serials, good)).toMatchObject({ lost: [], twice: [], strange: [] });
      expect(peak).toBeLessThan(MOST_MEMORY_BYTES);
      expect(await ingester.stop()).toBe(0);
      expect(ingester.complaints()).toBe('');
    },
  );
});

/** Why this message must go into quarantine; nothing for one that is taken whole. */
function reasonsOf({ topic, payload }: HostileMessage, known: readonly string[]): string[] {
  const message = { source: 'mqtt' as const, topic, payload, payloadBytes: payload.length, receivedAt: new Date() };
  const meterIds = new Map(known.map((serial, index) => [serial, index]));
  const fromMs = takenFromMs(Date.now(), KEPT_DAYS);
  return draftOf([interpret(message, BUILT_IN_DECODERS, fromMs)])
    .plan(meterIds)
    .quarantined.map(({ reason }) => reason);
}
