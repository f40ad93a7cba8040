import { z } from 'zod';
import { int8Array } from './array-literal.ts';
import { many, type Statement, sql, type Tx } from './sql.ts';

/** A register reading of a known meter, on its way into the store. Times are milliseconds since 1970. */
export interface NewReading {
  readonly meterId: number;
  readonly readAtMs: number;
  readonly indexLitres: number;
  readonly receivedAtMs: number;
}

const changeRow = z.object({ meterId: z.number(), firstReadAt: z.date(), rows: z.number() });
type ChangeRow = z.output<typeof changeRow>;

/** A meter about which something new is known, from this time of its own clock on. */
export type MeterChange = Omit<ChangeRow, 'rows'>;

export interface StoredReadings {
  /** Rows that were not there before. */
  readonly stored: number;
  /** Rows that contradict what was stored for their time, and had not been seen before. */
  readonly conflicts: number;
  readonly changes: readonly MeterChange[];
}

/**
 * Stores readings once each, however often and in whatever order they come.
 *
 * The first value for a (meter, time) stands. A different one for the same time is kept apart as a conflict, so that
 * both are there to judge by; the same one again changes nothing. Must run in a transaction: the readings and their
 * conflicts are two statements.
 */
export async function storeReadings(tx: Tx, readings: readonly NewReading[]): Promise<StoredReadings> {
  if (readings.length === 0) return { stored: 0, conflicts: 0, changes: [] };
  const arrays = columnsOf(readings);
  const stored = await many(tx, changeRow, insertReadings(arrays));
  const storedRows = rowsOf(stored);
  const conflicting = storedRows < readings.length ? await many(tx, changeRow, insertConflicts(arrays)) : [];
  return { stored: storedRows, conflicts: rowsOf(conflicting), changes: earliestOf([...stored, ...conflicting]) };
}

function insertReadings({ meterIds, readAtMs, indexLitres, receivedAtMs }: Columns): Statement {
  return sql`
    with stored as (
      insert into register_reading (meter_id, read_at, index_l, received_at)
      select meter_id, to_timestamp(read_at_ms::float8 / 1000), index_l, to_timestamp(received_at_ms::float8 / 1000)
      from unnest(${meterIds}::int8[], ${readAtMs}::int8[], ${indexLitres}::int8[], ${receivedAtMs}::int8[])
        as incoming (meter_id, read_at_ms, index_l, received_at_ms)
      on conflict do nothing
      returning meter_id, read_at
    )
    select meter_id as "meterId", min(read_at) as "firstReadAt", count(*) as rows from stored group by meter_id
  `;
}

/** Looks at the rows that stand by now, so a repeat within the batch is found like one from an earlier batch. */
function insertConflicts({ meterIds, readAtMs, indexLitres, receivedAtMs }: Columns): Statement {
  return sql`
    with incoming as (
      select meter_id, to_timestamp(read_at_ms::float8 / 1000) as read_at, index_l,
             to_timestamp(received_at_ms::float8 / 1000) as received_at
      from unnest(${meterIds}::int8[], ${readAtMs}::int8[], ${indexLitres}::int8[], ${receivedAtMs}::int8[])
        as given (meter_id, read_at_ms, index_l, received_at_ms)
    ), conflicting as (
      insert into reading_conflict (meter_id, read_at, index_l, received_at)
      select incoming.meter_id, incoming.read_at, incoming.index_l, min(incoming.received_at)
      from incoming
      join register_reading on register_reading.meter_id = incoming.meter_id
        and register_reading.read_at = incoming.read_at
      where register_reading.index_l <> incoming.index_l
      group by 1, 2, 3
      order by 1, 2, 3
      on conflict do nothing
      returning meter_id, read_at
    )
    select meter_id as "meterId", min(read_at) as "firstReadAt", count(*) as rows from conflicting group by meter_id
  `;
}

interface Columns {
  readonly meterIds: string;
  readonly readAtMs: string;
  readonly indexLitres: string;
  readonly receivedAtMs: string;
}

function columnsOf(readings: readonly NewReading[]): Columns {
  return {
    meterIds: int8Array(readings.map(({ meterId }) => meterId)),
    readAtMs: int8Array(readings.map(({ readAtMs }) => readAtMs)),
    indexLitres: int8Array(readings.map(({ indexLitres }) => indexLitres)),
    receivedAtMs: int8Array(readings.map(({ receivedAtMs }) => receivedAtMs)),
  };
}

function rowsOf(changes: readonly ChangeRow[]): number {
  return changes.reduce((total, { rows }) => total + rows, 0);
}

/** One change a meter: a reading and a conflict of the same batch count from the earlier of the two. */
function earliestOf(changes: readonly ChangeRow[]): MeterChange[] {
  const firstReadAt = new Map<number, Date>();
  for (const change of changes) {
    const known = firstReadAt.get(change.meterId);
    if (!known || change.firstReadAt < known) firstReadAt.set(change.meterId, change.firstReadAt);
  }
  return [...firstReadAt].map(([meterId, first]) => ({ meterId, firstReadAt: first }));
}
