import { type DbPool, inTransaction } from '../src/db/sql.ts';
import { storeReadings } from '../src/db/readings.ts';
import { type Comparison, inTurns } from './measure.ts';

const ROWS = 50_000;
const BATCH = 1_000;
const HOUR_MS = 3_600_000;

/** Readings in batches of a thousand, each committed: our statement beside a bare insert into a table of the same shape. */
export async function benchStore(pool: DbPool): Promise<Comparison> {
  await pool.query('create table bare_reading (like register_reading including all)');
  const rates = await inTurns(
    ROWS,
    (round) => inBatches(round, (rows) => inTransaction(pool, (tx) => storeReadings(tx, rows))),
    (round) =>
      inBatches(round, (rows) =>
        pool.query(
          `insert into bare_reading (meter_id, read_at, index_l, received_at)
           select meter_id, to_timestamp(read_at_ms / 1000), index_l, to_timestamp(read_at_ms / 1000)
           from unnest($1::int8[], $2::float8[], $3::int8[]) as incoming (meter_id, read_at_ms, index_l)`,
          [
            rows.map(({ meterId }) => meterId),
            rows.map(({ readAtMs }) => readAtMs),
            rows.map(({ indexLitres }) => indexLitres),
          ],
        ),
      ),
  );
  await pool.query('truncate register_reading');
  return { path: 'batch insert', unit: 'rows', ours: 'idempotent, conflicts seen', baseline: 'bare insert', ...rates };
}

interface Row {
  readonly meterId: number;
  readonly readAtMs: number;
  readonly indexLitres: number;
  readonly receivedAtMs: number;
}

async function inBatches(round: number, store: (rows: Row[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < ROWS; start += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, i) => {
      const readAtMs = Date.UTC(2026, 0, 1) + (round * (ROWS / BATCH) + start / BATCH) * HOUR_MS;
      return { meterId: i + 1, readAtMs, indexLitres: start + i, receivedAtMs: readAtMs };
    });
    await store(rows);
  }
}
