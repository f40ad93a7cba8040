import { int8s, timestamps } from './binary-arrays.ts';
import type { MeterChange } from './readings.ts';
import { execute, sql, type Tx } from './sql.ts';

/**
 * Notes which meters have something new, for the detectors to look at.
 *
 * Must run in the transaction that stored the readings: both are there, or neither.
 */
export async function noteBatch(tx: Tx, changes: readonly MeterChange[], receivedAt: Date): Promise<void> {
  const meterIds = int8s(
    tx,
    changes.map(({ meterId }) => meterId),
  );
  const firstReadAt = timestamps(
    tx,
    changes.map(({ firstReadAtMs }) => firstReadAtMs),
  );
  await execute(
    tx,
    sql`
      insert into ingest_batch (received_at, meter_ids, first_read_at)
      values (${receivedAt}::timestamptz, ${meterIds}::int8[], ${firstReadAt}::timestamptz[])
    `,
  );
}
