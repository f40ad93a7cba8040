import { int8Array } from './array-literal.ts';
import type { MeterChange } from './readings.ts';
import { execute, sql, type Tx } from './sql.ts';

/**
 * Notes which meters have something new, for the detectors to look at.
 *
 * Must run in the transaction that stored the readings: both are there, or neither.
 */
export async function noteBatch(tx: Tx, changes: readonly MeterChange[], receivedAt: Date): Promise<void> {
  const firstReadAtMs = int8Array(changes.map(({ firstReadAt }) => firstReadAt.getTime()));
  await execute(
    tx,
    sql`
      insert into ingest_batch (received_at, meter_ids, first_read_at)
      select ${receivedAt}::timestamptz, array_agg(meter_id), array_agg(to_timestamp(first_read_at_ms::float8 / 1000))
      from unnest(${int8Array(changes.map(({ meterId }) => meterId))}::int8[], ${firstReadAtMs}::int8[])
        as change (meter_id, first_read_at_ms)
    `,
  );
}
