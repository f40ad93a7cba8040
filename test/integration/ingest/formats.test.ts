import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { startIngest } from '../../../src/ingest/start-ingest.ts';
import { brokerKinds, type TestBroker } from '../../support/broker.ts';
import { useDatabase } from '../../support/database.ts';
import { decodersOf, type Telegram, telegrams } from '../../support/telegrams.ts';
import { ARRIVAL, headEndFor, storedReadings, untilTaken } from '../../support/waterworks.ts';

const database = useDatabase();
/** Each is heard by an ingester of its own, with the settings of its own: one meter must not be sent for by two. */
const HEARD = telegrams().filter(
  ({ expected }, position, all) =>
    expected.serial !== undefined && all.findIndex((other) => other.expected.serial === expected.serial) === position,
);

describe.each(brokerKinds())('meters that send in formats of their makers through $kind', ({ start }) => {
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker.stop());

  it.each([...new Set(HEARD.map(({ format }) => format))])('are stored with what %s says', async (format) => {
    for (const telegram of HEARD.filter((each) => each.format === format)) {
      const { serial = '', readings, refused } = telegram.expected;
      await forget(serial);
      const stats = await hear(telegram, broker.url);

      expect(await storedReadings(database.pool, serial)).toEqual(readings);
      expect(stats).toMatchObject({ name: telegram.name, readingsStored: readings.length, conflicts: 0 });
      // Where two subscriptions cover a topic, a broker may deliver each message for both of them.
      expect(stats.repeats).toBeGreaterThanOrEqual(readings.length);
      expect(stats.kept > 0).toBe(refused !== undefined);
    }
  });
});

/** Registers the meter, or leaves it as if it had never sent anything. */
async function forget(serial: string): Promise<void> {
  await database.pool.query('delete from register_reading where meter_id in (select id from meter where serial = $1)', [
    serial,
  ]);
  await database.pool.query('insert into meter (serial) values ($1) on conflict do nothing', [serial]);
}

/** Sends a telegram twice, as any broker may, to an ingester of its own. */
async function hear(telegram: Telegram, url: string) {
  const ingest = await startIngest({
    pool: database.pool,
    clock: handTurnedClock(ARRIVAL),
    log: createLogger('silent'),
    mqtt: { url, clientId: `formats-${telegram.name}` },
    decoders: decodersOf(telegram),
  });
  try {
    const sender = await headEndFor(url);
    for (const payload of [JSON.stringify(telegram.payload), JSON.stringify(telegram.payload)]) {
      await sender.publishAsync(telegram.topic, payload, { qos: 1 });
    }
    await untilTaken(ingest, 2);
    const { quarantined, ...stats } = ingest.stats();
    return { ...stats, name: telegram.name, kept: Object.values(quarantined).reduce((sum, count) => sum + count, 0) };
  } finally {
    await ingest.stop();
  }
}
