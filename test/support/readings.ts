import type { DbPool } from '../../src/db/sql.ts';
import type { Home } from './town.ts';

export interface Reading {
  readonly at: Date;
  readonly indexLitres: number;
}

/** Stores readings of a home's meter as a batch of the ingester does: the rows and the note of what changed. */
export async function storeForTest(
  pool: DbPool,
  home: Home,
  readings: readonly Reading[],
  receivedAt: Date,
): Promise<void> {
  if (readings.length === 0) return;
  await pool.query(
    `insert into register_reading (meter_id, read_at, index_l, received_at)
     select $1, read_at, index_l, $4 from unnest($2::timestamptz[], $3::bigint[]) as reading (read_at, index_l)
     on conflict do nothing`,
    [home.meterId, readings.map(({ at }) => at), readings.map(({ indexLitres }) => indexLitres), receivedAt],
  );
  const first = readings.reduce((least, { at }) => (at < least ? at : least), readings[0]!.at);
  await pool.query('insert into ingest_batch (received_at, meter_ids, first_read_at) values ($1, $2, $3)', [
    receivedAt,
    [home.meterId],
    [first],
  ]);
}

/** Readings on the hour: the register before the first hour, then after each hour's litres. */
export function hourlyReadings(start: Date, hourlyLitres: readonly number[], startIndex = 5_000): Reading[] {
  let indexLitres = startIndex;
  const readings = [{ at: start, indexLitres }];
  hourlyLitres.forEach((volume, i) => {
    indexLitres += volume;
    readings.push({ at: new Date(start.getTime() + (i + 1) * 3_600_000), indexLitres });
  });
  return readings;
}
