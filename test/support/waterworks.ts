import { connectAsync, type MqttClient } from 'mqtt';
import { onTestFinished, vi } from 'vitest';
import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { type Ingest, type IngestDeps, startIngest } from '../../src/ingest/start-ingest.ts';

/** The moment at which the readings of these tests arrive. */
export const ARRIVAL = new Date('2026-11-23T12:00:00Z');

let lastMeter = 0;
let lastClient = 0;

/** Puts a meter on the books and returns its serial. */
export async function registerMeter(pool: DbPool): Promise<string> {
  lastMeter += 1;
  const serial = `WM-${lastMeter}`;
  await pool.query('insert into meter (serial) values ($1)', [serial]);
  return serial;
}

/** An ingester of the test's own, with a session of its own; it stops with the test. */
export async function ingestFor(pool: DbPool, url: string, mqtt: Partial<IngestDeps['mqtt']> = {}): Promise<Ingest> {
  lastClient += 1;
  const clientId = `ingest-${lastClient}`;
  const ingest = await startIngest({
    pool,
    clock: handTurnedClock(ARRIVAL),
    log: createLogger('silent'),
    mqtt: { url, clientId, ...mqtt },
  });
  onTestFinished(() => ingest.stop());
  return ingest;
}

/** A head-end that publishes at QoS 1; it disconnects with the test. */
export async function headEndFor(url: string): Promise<MqttClient> {
  const client = await connectAsync(url, { reconnectPeriod: 0 }, false);
  onTestFinished(() => client.endAsync(true));
  return client;
}

/** Waits until so many messages are stored and acknowledged. */
export function untilTaken(ingest: Ingest, messages: number): Promise<void> {
  return vi.waitFor(
    () => {
      if (ingest.stats().messages < messages) throw new Error(`took ${ingest.stats().messages} of ${messages}`);
    },
    { timeout: 20_000, interval: 10 },
  );
}

/** What the meter is stored to have shown, in order of time. */
export async function storedReadings(pool: DbPool, serial: string): Promise<{ at: string; index_l: number }[]> {
  const { rows } = await pool.query<{ read_at: Date; index_l: number }>(
    `select read_at, index_l from register_reading join meter on meter.id = meter_id where serial = $1 order by read_at`,
    [serial],
  );
  return rows.map(({ read_at, index_l }) => ({ at: read_at.toISOString(), index_l }));
}

export function topicOf(serial: string): string {
  return `meters/${serial}/readings`;
}

/** The hours of the day before the arrival, with a register that advances by 5 L each. */
export function aDay(hours = 24): { at: string; index_l: number }[] {
  return Array.from({ length: hours }, (_, hour) => ({
    at: new Date(ARRIVAL.getTime() - (hours - hour) * 3_600_000).toISOString(),
    index_l: 1_000 + hour * 5,
  }));
}
