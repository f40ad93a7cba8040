import { setTimeout as delay } from 'node:timers/promises';
import type { BenchDatabase } from './bench-database.ts';
import { expectedRows, lastRow, type Row, type Workload } from './workload.ts';

/** A look at the clock, and at whatever else is to be known of that moment. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

export interface ArrivedRows<M extends Moment> {
  readonly rows: number;
  /** When the last of them was seen in the table from outside. */
  readonly at: M;
}

const LOOK_EVERY_MS = 10;
const COUNT_EVERY_MS = 2_000;
/** Without a new row for so long, those that are missing will not come. */
const PATIENCE_MS = 10_000;

/**
 * Waits until all rows of a workload are committed, or no more come, looking into the table from outside, for every
 * subject in the same way: for the row that should come last, which is cheap, and once that is there, for all.
 *
 * The moment of the last row is taken before the rows are counted, so that counting costs the subject nothing.
 */
export async function awaitRows<M extends Moment>(
  { client, firstMeterId }: Pick<BenchDatabase, 'client' | 'firstMeterId'>,
  workload: Workload,
  takeMoment: () => M,
): Promise<ArrivedRows<M>> {
  const expected = expectedRows(workload);
  const last = lastRow(workload);
  let arrived = { rows: 0, at: takeMoment() };
  let countedAtMs = arrived.at.atMs;
  for (;;) {
    const hasLast = await isStored({ client, firstMeterId }, last);
    if (hasLast || Date.now() - countedAtMs > COUNT_EVERY_MS) {
      const at = takeMoment();
      const rows = await countRows(client, workload);
      countedAtMs = Date.now();
      if (rows > arrived.rows) arrived = { rows, at };
      if (arrived.rows >= expected || at.atMs - arrived.at.atMs > PATIENCE_MS) return arrived;
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** Whether this row is committed. */
export async function isStored(
  { client, firstMeterId }: Pick<BenchDatabase, 'client' | 'firstMeterId'>,
  { meter, readAtMs }: Row,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'is-stored',
    text: 'select 1 from register_reading where meter_id = $1 and read_at = $2',
    values: [firstMeterId + meter, new Date(readAtMs)],
  });
  return rowCount === 1;
}

/** How many rows of this workload are committed. */
async function countRows(client: BenchDatabase['client'], { firstAtMs }: Workload): Promise<number> {
  const { rows } = await client.query<{ rows: string }>(
    'select count(*) as rows from register_reading where read_at >= $1',
    [new Date(firstAtMs)],
  );
  return Number(rows[0]?.rows);
}
