import type { PoolClient } from 'pg';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { useDatabase } from '../../../support/database.ts';
import { type ObservedBroker, startObservedBroker } from '../../../support/observed-broker.ts';
import { aDay, headEndFor, ingestFor, registerMeter, storedReadings, topicOf } from '../../../support/waterworks.ts';

const database = useDatabase();
let broker: ObservedBroker;
beforeEach(async () => {
  broker = await startObservedBroker();
});
afterEach(() => broker.stop());

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

async function session(): Promise<PoolClient> {
  const client = await database.pool.connect();
  await client.query('begin');
  onTestFinished(async () => {
    await client.query('rollback').catch(() => undefined);
    client.release();
  });
  return client;
}
const meterIdOf = async (serial: string) => {
  const { rows } = await database.pool.query<{ id: number }>('select id from meter where serial = $1', [serial]);
  return rows[0]!.id;
};
const insertAt = (client: PoolClient, meterId: number, hour: number) =>
  client.query(
    'insert into register_reading (meter_id, read_at, index_l, received_at) values ($1, $2, 1, now()) on conflict do nothing',
    [meterId, aDay()[hour]!.at],
  );
/** How many sessions wait for a lock that another one holds. */
const waiting = async () => {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*) as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return rows[0]!.count;
};
const deadlocks = async () => {
  const { rows } = await database.pool.query<{ deadlocks: number }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return rows[0]!.deadlocks;
};

describe('a batch that PostgreSQL breaks off', () => {
  it('because of a deadlock is tried again and stored, its messages acknowledged once', async () => {
    const serial = await registerMeter(database.pool);
    const meterId = await meterIdOf(serial);
    const ingest = await ingestFor(database.pool, broker.url);
    const meter = await headEndFor(broker.url);
    // This session holds the second hour and wants the first. The batch holds the first and wants the second; it is
    // the one that waits longer, so PostgreSQL breaks off the batch.
    const other = await session();
    await other.query(`set deadlock_timeout = '1h'`);
    await insertAt(other, meterId, 1);
    await meter.publishAsync(topicOf(serial), JSON.stringify({ readings: aDay(24).slice(0, 2) }), { qos: 1 });
    await eventually(async () => expect(await waiting()).toBe(1));
    const crossed = insertAt(other, meterId, 0);
    crossed.catch(() => undefined);
    await crossed;
    await eventually(async () => expect(await deadlocks()).toBe(1));
    await other.query('rollback');

    await eventually(() => expect(broker.acknowledged).toHaveLength(1));
    expect(await storedReadings(database.pool, serial)).toEqual(aDay(24).slice(0, 2));
    expect(ingest.stats()).toMatchObject({ messages: 1, readingsStored: 2, pending: 0 });
  });

  it.each(['40001', '40P01', '55P03', '57014', '57P01', '53300'])(
    'with %s is tried again and stored whole, and its message does not go into quarantine',
    async (state) => {
      const serial = await registerMeter(database.pool);
      await database.pool.query(`
        create function strike() returns trigger language plpgsql as $$
        begin
          if nextval('strike_count') <= 2 then raise exception 'struck' using errcode = '${state}'; end if;
          return null;
        end $$;
        create sequence strike_count;
        create trigger strike before insert on register_reading for each statement execute function strike();
      `);
      onTestFinished(async () => {
        await database.pool.query(
          'drop trigger strike on register_reading; drop function strike; drop sequence strike_count',
        );
      });
      await ingestFor(database.pool, broker.url);
      const meter = await headEndFor(broker.url);
      await meter.publishAsync(topicOf(serial), JSON.stringify({ readings: aDay() }), { qos: 1 });

      await eventually(() => expect(broker.acknowledged).toHaveLength(1));
      expect(await storedReadings(database.pool, serial)).toEqual(aDay());
      const { rows } = await database.pool.query('select from quarantined_message');
      expect(rows).toEqual([]);
    },
  );
});
