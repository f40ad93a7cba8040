import { z } from 'zod';
import type { ArrangedReadings } from './arrange-readings.ts';
import { int8Array } from './array-literal.ts';
import { canCopy, copyIn } from './copy-in.ts';
import { COPY_READINGS, readingRows } from './reading-rows.ts';
import { type ReadingRun, readingsIn } from './reading-run.ts';
import { many, type Statement, sql, type Tx } from './sql.ts';

const changeRow = z.object({ meterId: z.number(), firstReadAt: z.date(), rows: z.number() });
type ChangeRow = z.output<typeof changeRow>;
const outcomeRow = changeRow.extend({ outcome: z.enum(['stored', 'missing', 'conflicting']) });

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
 * both are there to judge by; the same one again changes nothing. Must run in a transaction: where two of these
 * readings, or another writer's, are for the same time, it takes two statements.
 */
export async function storeReadings(tx: Tx, runs: readonly ReadingRun[]): Promise<StoredReadings> {
  if (runs.length === 0) return { stored: 0, conflicts: 0, changes: [] };
  const arrays = columnsOf(runs);
  const outcomes = await many(tx, outcomeRow, insertReadings(arrays));
  const stored = outcomes.filter(({ outcome }) => outcome === 'stored');
  const missing = outcomes.filter(({ outcome }) => outcome === 'missing');
  const conflicting = outcomes.filter(({ outcome }) => outcome === 'conflicting');
  // A row that was missing and was not stored has come twice, or another writer was faster: it may contradict that one.
  const isContested = rowsOf(stored) < rowsOf(missing);
  const contested = isContested ? await many(tx, changeRow, insertConflicts(arrays)) : [];
  const conflicts = [...conflicting, ...contested];
  return { stored: rowsOf(stored), conflicts: rowsOf(conflicts), changes: earliestOf([...stored, ...conflicts]) };
}

/**
 * Does what `storeReadings` does, and the same rows come of it, but what is taken for new goes straight into the table.
 * That is two to three times as fast (docs/adr/0008).
 *
 * @throws DatabaseError that `isWrongGuess` knows, when a fresh reading was stored before: the whole transaction must
 *   then be done again with `allDoubtful`.
 */
export async function storeArranged(tx: Tx, { fresh, doubtful }: ArrangedReadings): Promise<StoredReadings> {
  if (!canCopy(tx)) return storeReadings(tx, [...fresh, ...doubtful]);
  if (fresh.length > 0) await copyIn(tx, COPY_READINGS, readingRows(fresh));
  const { stored, conflicts, changes } = await storeReadings(tx, doubtful);
  const freshChanges = firstOfEachMeter(fresh);
  return {
    stored: readingsIn(fresh) + stored,
    conflicts,
    changes: changes.length === 0 ? freshChanges : earliestOf([...freshChanges, ...changes]),
  };
}

/** A row that is there already, or a store that takes no COPY for what it has compressed. */
const WRONG_GUESS: readonly unknown[] = ['23505', '0A000'];

/** Whether readings were not stored because some of them are not as fresh as they were taken for. */
export function isWrongGuess(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && WRONG_GUESS.includes(thrown.code);
}

/**
 * Each reading is looked up first: most of those that come here are repeats, and an insert that finds its row there
 * costs twice as much as a look.
 */
function insertReadings({ meterIds, readAtMs, indexLitres, receivedAtMs }: Columns): Statement {
  return sql`
    with incoming as materialized (
      select given.meter_id, given.read_at, given.index_l, given.received_at, (
               select standing.index_l from register_reading standing
               where standing.meter_id = given.meter_id and standing.read_at = given.read_at
               limit 1
             ) as standing_index_l
      from (
        select meter_id, to_timestamp(read_at_ms::float8 / 1000) as read_at, index_l,
               to_timestamp(received_at_ms::float8 / 1000) as received_at
        from unnest(${meterIds}::int8[], ${readAtMs}::int8[], ${indexLitres}::int8[], ${receivedAtMs}::int8[])
          as given (meter_id, read_at_ms, index_l, received_at_ms)
      ) given
    ), missing as (
      select meter_id, read_at, index_l, received_at from incoming where standing_index_l is null
    ), stored as (
      insert into register_reading (meter_id, read_at, index_l, received_at)
      select meter_id, read_at, index_l, received_at from missing
      on conflict do nothing
      returning meter_id, read_at
    ), conflicting as (
      insert into reading_conflict (meter_id, read_at, index_l, received_at)
      select meter_id, read_at, index_l, min(received_at) from incoming
      where standing_index_l <> index_l
      group by 1, 2, 3
      order by 1, 2, 3
      on conflict do nothing
      returning meter_id, read_at
    )
    select 'stored' as outcome, meter_id as "meterId", min(read_at) as "firstReadAt", count(*) as rows
    from stored group by meter_id
    union all
    select 'missing', meter_id, min(read_at), count(*) from missing group by meter_id
    union all
    select 'conflicting', meter_id, min(read_at), count(*) from conflicting group by meter_id
  `;
}

/**
 * Looks at the rows that stand by now, so a repeat within the batch is found like one from an earlier batch. Each is
 * looked up by itself: joined, a large batch would make the planner read the whole table.
 */
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
      cross join lateral (
        select index_l from register_reading
        where meter_id = incoming.meter_id and read_at = incoming.read_at
        limit 1
      ) standing
      where standing.index_l <> incoming.index_l
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

function columnsOf(runs: readonly ReadingRun[]): Columns {
  const each = runs.flatMap(({ meterId, receivedAtMs, readings }) =>
    readings.map((reading) => ({ meterId, receivedAtMs, ...reading })),
  );
  return {
    meterIds: int8Array(each.map(({ meterId }) => meterId)),
    readAtMs: int8Array(each.map(({ readAtMs }) => readAtMs)),
    indexLitres: int8Array(each.map(({ indexLitres }) => indexLitres)),
    receivedAtMs: int8Array(each.map(({ receivedAtMs }) => receivedAtMs)),
  };
}

function rowsOf(changes: readonly ChangeRow[]): number {
  return changes.reduce((total, { rows }) => total + rows, 0);
}

/** The readings stand in the order of meter and time. */
function firstOfEachMeter(runs: readonly ReadingRun[]): MeterChange[] {
  const changes: MeterChange[] = [];
  for (const { meterId, readings } of runs) {
    const [first] = readings;
    if (first && meterId !== changes.at(-1)?.meterId) changes.push({ meterId, firstReadAt: new Date(first.readAtMs) });
  }
  return changes;
}

/** One change a meter: a reading and a conflict of the same batch count from the earlier of the two. */
function earliestOf(changes: readonly MeterChange[]): MeterChange[] {
  const firstReadAt = new Map<number, Date>();
  for (const change of changes) {
    const known = firstReadAt.get(change.meterId);
    if (!known || change.firstReadAt < known) firstReadAt.set(change.meterId, change.firstReadAt);
  }
  return [...firstReadAt].map(([meterId, first]) => ({ meterId, firstReadAt: first }));
}
