import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ingest } from '../../../src/ingest/start-ingest.ts';
import { brokerKinds, type TestBroker } from '../../support/broker.ts';
import { useDatabase } from '../../support/database.ts';
import {
  aDay,
  ARRIVAL,
  headEndFor,
  ingestFor,
  registerMeter,
  storedReadings,
  topicOf,
  untilTaken,
} from '../../support/waterworks.ts';

const database = useDatabase();
const AT = '2026-11-23T11:00:00Z';
const TWO_MB = `{"readings":[{"at":"${AT}","index_l":1}],"status":["${'x'.repeat(2_000_000)}"]}`;

const publishAll = (meter: MqttClient, topic: string, payloads: readonly string[]) =>
  Promise.all(payloads.map((payload) => meter.publishAsync(topic, payload, { qos: 1 })));

describe.each(brokerKinds())('readings that come through $kind', ({ start }) => {
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker.stop());

  const waterworks = async (): Promise<{ ingest: Ingest; meter: MqttClient; serial: string; topic: string }> => {
    const serial = await registerMeter(database.pool);
    const ingest = await ingestFor(database.pool, broker.url);
    return { ingest, meter: await headEndFor(broker.url), serial, topic: topicOf(serial) };
  };
  const quarantined = async (topic: string) => {
    const { rows } = await database.pool.query<{ reason: string; payload_bytes: number; kept: number }>(
      'select reason, payload_bytes, length(payload) as kept from quarantined_message where topic = $1 order by id',
      [topic],
    );
    return rows;
  };

  it('are stored, one by one or a day at once', async () => {
    const { ingest, meter, serial, topic } = await waterworks();
    const [first, ...rest] = aDay();
    await publishAll(meter, topic, [
      JSON.stringify(first),
      JSON.stringify({ readings: rest, status: ['leak'], seq: 2 }),
    ]);
    await untilTaken(ingest, 2);

    expect(await storedReadings(database.pool, serial)).toEqual(aDay());
    expect(ingest.stats()).toMatchObject({ messages: 2, readingsStored: 24, repeats: 0, conflicts: 0, pending: 0 });
    const { rows } = await database.pool.query(
      'select flag from meter_flag join meter on meter.id = meter_id where serial = $1',
      [serial],
    );
    expect(rows).toEqual([{ flag: 'leak' }]);
  });

  it('give the same rows when the day is played five times, each time in another order', async () => {
    const { ingest, meter, serial, topic } = await waterworks();
    const payloads = aDay().map((reading, seq) => JSON.stringify({ ...reading, seq }));
    for (let round = 0; round < 5; round += 1) {
      await publishAll(
        meter,
        topic,
        payloads.toSorted((a, b) => orderIn(round, a) - orderIn(round, b)),
      );
    }
    await untilTaken(ingest, 120);

    expect(await storedReadings(database.pool, serial)).toEqual(aDay());
    expect(ingest.stats()).toMatchObject({ readingsStored: 24, repeats: 96, conflicts: 0 });
  });

  it('are taken from a message that the broker retained', async () => {
    const { meter, serial, topic } = await waterworks();
    await meter.publishAsync(topic, JSON.stringify(aDay()[0]), { qos: 1, retain: true });
    const late = await ingestFor(database.pool, broker.url);
    await untilTaken(late, 1);
    expect(await storedReadings(database.pool, serial)).toEqual(aDay(24).slice(0, 1));
    await meter.publishAsync(topic, '', { qos: 1, retain: true });
  });

  it.each([
    ['is not JSON', 'not_json', 'the tap is dripping'],
    ['has wrong types', 'schema_mismatch', `{"at":"${AT}","index_l":"123"}`],
    ['has 2 MB', 'too_large', TWO_MB],
    ['poisons a prototype', 'schema_mismatch', `{"at":"${AT}","index_l":1,"__proto__":{"admin":true}}`],
    ['has a negative register', 'schema_mismatch', `{"at":"${AT}","index_l":-1}`],
    ['comes from the year 2038', 'from_the_future', '{"at":"2038-01-19T03:14:07Z","index_l":1}'],
    ['comes from 1970', 'too_old', '{"at":"1970-01-01T00:00:00Z","index_l":1}'],
    ['speaks for another meter', 'identity_mismatch', `{"meter":"WM-0","at":"${AT}","index_l":1}`],
  ])('go on when a message %s, which is kept with its reason', async (_what, reason, payload) => {
    const { ingest, meter, serial, topic } = await waterworks();
    await publishAll(meter, topic, [payload, JSON.stringify(aDay()[0])]);
    await untilTaken(ingest, 2);

    const kept = Math.min(payload.length, 65_536);
    expect(await quarantined(topic)).toEqual([{ reason, payload_bytes: payload.length, kept }]);
    expect(await storedReadings(database.pool, serial)).toEqual(aDay(24).slice(0, 1));
    expect(ingest.stats().quarantined).toMatchObject({ [reason]: 1 });
  });

  it('are kept when nobody knows the meter, and count from the moment it is registered', async () => {
    const { ingest, meter } = await waterworks();
    const [topic, payload] = ['meters/found-in-the-cellar/readings', JSON.stringify(aDay()[0])];
    await meter.publishAsync(topic, payload, { qos: 1 });
    await untilTaken(ingest, 1);
    expect(await quarantined(topic)).toMatchObject([{ reason: 'unknown_meter' }]);

    await database.pool.query(`insert into meter (serial) values ('found-in-the-cellar')`);
    await meter.publishAsync(topic, payload, { qos: 1 });
    await untilTaken(ingest, 2);
    expect(await storedReadings(database.pool, 'found-in-the-cellar')).toHaveLength(1);
    await database.pool.query(`delete from meter where serial = 'found-in-the-cellar'`);
    await database.pool.query('delete from quarantined_message where topic = $1', [topic]);
  });

  it('are kept when the name in the topic cannot be that of a meter', async () => {
    const { ingest, meter } = await waterworks();
    await meter.publishAsync('meters/a b/readings', JSON.stringify(aDay()[0]), { qos: 1 });
    await untilTaken(ingest, 1);
    expect((await quarantined('meters/a b/readings')).at(-1)).toMatchObject({ reason: 'unknown_topic' });
  });

  it('are stored where they make sense, and the message kept where one of them does not', async () => {
    const { ingest, meter, serial, topic } = await waterworks();
    const readings = [...aDay(3), { at: AT, index_l: -5 }];
    await meter.publishAsync(topic, JSON.stringify({ readings }), { qos: 1 });
    await untilTaken(ingest, 1);

    expect(await storedReadings(database.pool, serial)).toEqual(aDay(3));
    expect(await quarantined(topic)).toMatchObject([{ reason: 'schema_mismatch' }]);
  });

  it('leave one note a batch of which meters have something new, and none for repeats', async () => {
    const { ingest, meter, serial, topic } = await waterworks();
    const notes = async () => {
      const { rows } = await database.pool.query<{ received_at: Date; first_read_at: Date[] }>(
        `select received_at, first_read_at from ingest_batch, meter where serial = $1 and meter.id = any (meter_ids)`,
        [serial],
      );
      return rows;
    };
    await meter.publishAsync(topic, JSON.stringify({ readings: aDay() }), { qos: 1 });
    await untilTaken(ingest, 1);
    const before = await notes();
    await meter.publishAsync(topic, JSON.stringify({ readings: aDay() }), { qos: 1 });
    await untilTaken(ingest, 2);

    expect(before).toEqual([{ received_at: ARRIVAL, first_read_at: [new Date(aDay()[0]!.at)] }]);
    expect(await notes()).toEqual(before);
  });
});

/** A fixed shuffle that differs from round to round. */
function orderIn(round: number, text: string): number {
  return Buffer.from(text).reduce((hash, byte) => (hash * 31 + byte * (round + 1)) % 9_973, 7);
}
