import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasMosquitto, startMosquitto, type TestBroker } from '../support/broker.ts';
import { useDatabase } from '../support/database.ts';
import { type IngestProcess, startIngestProcess } from '../support/ingest-process.ts';
import { headEndFor, registerMeter, topicOf } from '../support/waterworks.ts';

const READINGS = 5_000;
const NAMED_MOMENTS = ['ingest.before_commit', 'ingest.after_commit', 'ingest.after_puback'];
const RANDOM_MOMENTS = 4;
const LONGEST_LIFE_MS = 150;
const START_MS = Date.UTC(2020, 0, 1);

/** Only a broker outside the process keeps what a killed ingester had not acknowledged. */
describe.runIf(hasMosquitto())('an ingester that is killed', () => {
  const database = useDatabase();
  let broker: TestBroker;
  beforeAll(async () => {
    execFileSync('npm', ['run', '--silent', 'build']);
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());

  const startIngester = (crashPoint?: string) =>
    startIngestProcess({
      databaseUrl: database.url.reveal(),
      mqttUrl: broker.url,
      ...(crashPoint !== undefined && { crashPoint }),
    });
  const storedNumbers = async () => {
    const { rows } = await database.pool.query<{ index_l: number }>(
      'select index_l from register_reading order by index_l',
    );
    return rows.map(({ index_l }) => index_l);
  };

  it('loses no reading and stores none twice, whenever it is', async () => {
    const serials = await Promise.all(Array.from({ length: 5 }, () => registerMeter(database.pool)));
    const meters = await headEndFor(broker.url);
    const deaths = NAMED_MOMENTS.length + RANDOM_MOMENTS;
    const share = Math.ceil(READINGS / (deaths + 1));
    const numbers = Array.from({ length: READINGS }, (_, number) => number);
    const publishShare = (death: number) => publish(meters, serials, numbers.slice(death * share, (death + 1) * share));
    const endAfter = async (ingester: IngestProcess, lifeMs: number) => {
      await ingester.ready;
      await delay(lifeMs);
      ingester.kill();
      await ingester.ended;
    };

    // From the first visit on, the broker keeps what nobody has acknowledged.
    await endAfter(startIngester(), 0);
    for (const [death, crashPoint] of NAMED_MOMENTS.entries()) {
      const published = publishShare(death);
      expect(await startIngester(crashPoint).ended).toBe('SIGKILL');
      await published;
    }
    for (let death = NAMED_MOMENTS.length; death < deaths; death += 1) {
      const ingester = startIngester();
      await ingester.ready;
      await Promise.all([publishShare(death), endAfter(ingester, Math.random() * LONGEST_LIFE_MS)]);
    }
    const survivor = startIngester();
    await publishShare(deaths);

    await vi.waitFor(async () => expect(await storedNumbers()).toHaveLength(READINGS), 60_000);
    expect(await storedNumbers()).toEqual(numbers);
    const { rows } = await database.pool.query(
      'select (select count(*) from reading_conflict) + (select count(*) from quarantined_message) as others',
    );
    expect(rows).toEqual([{ others: 0 }]);
    survivor.kill();
    await survivor.ended;
  });
});

/** Each number is a reading of its own, by one of the meters in turn. */
async function publish(client: MqttClient, serials: readonly string[], numbers: readonly number[]): Promise<void> {
  await Promise.all(
    numbers.map((number) => {
      const reading = { at: new Date(START_MS + number * 60_000).toISOString(), index_l: number };
      const serial = serials[number % serials.length] ?? '';
      return client.publishAsync(topicOf(serial), JSON.stringify(reading), { qos: 1 });
    }),
  );
}
