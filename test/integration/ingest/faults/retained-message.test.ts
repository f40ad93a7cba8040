import { describe, expect, it, onTestFinished } from 'vitest';
import { brokerKinds } from '../../../support/broker.ts';
import { useDatabase } from '../../../support/database.ts';
import { aDay, headEndFor, ingestFor, registerMeter, topicOf, untilTaken } from '../../../support/waterworks.ts';

const database = useDatabase();

describe.each(brokerKinds())('a reading that $kind retains', ({ start }) => {
  it('makes no home look alive when it is played again to a new ingester', async () => {
    const broker = await start();
    onTestFinished(() => broker.stop());
    const serial = await registerMeter(database.pool);
    const first = await ingestFor(database.pool, broker.url);
    const meter = await headEndFor(broker.url);
    await meter.publishAsync(topicOf(serial), JSON.stringify(aDay()[0]), { qos: 1, retain: true });
    await untilTaken(first, 1);
    const before = await traces(serial);
    await first.stop();

    const second = await ingestFor(database.pool, broker.url);
    await untilTaken(second, 1);
    expect(second.stats()).toMatchObject({ readingsStored: 0, repeats: 1 });
    expect(before).toMatchObject({ rows: 1, notes: 1 });
    expect(await traces(serial)).toEqual(before);
  });
});

/** What is stored of a meter, and what tells the detectors that something is new about it. */
async function traces(serial: string) {
  const { rows } = await database.pool.query<Record<string, unknown>>(
    `select (select count(*) from register_reading where meter_id = meter.id) as rows,
            (select max(received_at) from register_reading where meter_id = meter.id) as "lastReceivedAt",
            (select count(*) from ingest_batch where meter.id = any (meter_ids)) as notes
     from meter where serial = $1`,
    [serial],
  );
  return rows[0];
}
