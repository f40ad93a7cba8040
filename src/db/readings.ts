import { z } from 'zod';
import type { ArrangedReadings } from './arrange-readings.ts';
import { int8s, timestamps } from './binary-arrays.ts';
import { canCopy } from './copy-in.ts';
import { copyReadings } from './copy-readings.ts';
import { allRuns, type RunPieces } from './run-pieces.ts';
import { many, type Statement, sql, type Tx } from './sql.ts';
import { withoutStanding } from './standing-runs.ts';

const changeRow = z.object({
  meterId: z.number(),
  firstReadAtMs: z.date().transform((at) => at.getTime()),
  rows: z.number(),
});
type ChangeRow = z.output<typeof changeRow>;
const outcomeRow = changeRow.extend({ outcome: z.enum(['stored', 'missing', 'conflicting']) });

/** A meter about which something new is known, from this time of its own clock on, in milliseconds since 1970. */
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
export async function storeReadings(tx: Tx, pieces: RunPieces): Promise<StoredReadings> {
  if (pieces.readings === 0) return { stored: 0, conflicts: 0, changes: [] };
  const arrays = columnsOf(tx, pieces);
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
  if (!canCopy(tx)) return storeReadings(tx, allRuns(fresh.of));
  if (fresh.readings > 0) await copyReadings(tx, fresh);
  const { stored, conflicts, changes } = await storeReadings(tx, await withoutStanding(tx, doubtful));
  const freshChanges = firstOfEachMeter(fresh);
  return {
    stored: fresh.readings + stored,
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
function insertReadings({ meterIds, readAt, indexLitres, receivedAt }: Columns): Statement {
  return sql`
    with incoming as materialized (
      select given.meter_id, given.read_at, given.index_l, given.received_at, (
               select standing.index_l from register_reading standing
               where standing.meter_id = given.meter_id and standing.read_at = given.read_at
               limit 1
             ) as standing_index_l
      from unnest(
        ${meterIds}::int8[], ${readAt}::timestamptz[], ${indexLitres}::int8[], ${receivedAt}::timestamptz[]
      ) as given (meter_id, read_at, index_l, received_at)
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
    select 'stored' as outcome, meter_id as "meterId", min(read_at) as "firstReadAtMs", count(*) as rows
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
function insertConflicts({ meterIds, readAt, indexLitres, receivedAt }: Columns): Statement {
  return sql`
    with incoming as (
      select meter_id, read_at, index_l, received_at
      from unnest(
        ${meterIds}::int8[], ${readAt}::timestamptz[], ${indexLitres}::int8[], ${receivedAt}::timestamptz[]
      ) as given (meter_id, read_at, index_l, received_at)
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
    select meter_id as "meterId", min(read_at) as "firstReadAtMs", count(*) as rows from conflicting group by meter_id
  `;
}

type Column = Buffer | string;

interface Columns {
  readonly meterIds: Column;
  readonly readAt: Column;
  readonly indexLitres: Column;
  readonly receivedAt: Column;
}

/**
 * Each reading by itself: by meter and time, so that two writers who share some never wait for each other in a circle,
 * and by arrival where that is equal.
 */
function columnsOf(tx: Tx, pieces: RunPieces): Columns {
  const { meterIds, readAtMs, indexLitres, receivedAtMs } = pieces.of;
  const each: { readonly run: number; readonly place: number }[] = [];
  for (let piece = 0; piece < pieces.count; piece += 1) {
    const run = pieces.runs[piece] ?? 0;
    for (let place = pieces.starts[piece] ?? 0; place < (pieces.ends[piece] ?? 0); place += 1)
      each.push({ run, place });
  }
  const at = (column: Float64Array, place: number) => column[place] ?? Number.NaN;
  each.sort((a, b) => at(meterIds, a.run) - at(meterIds, b.run) || at(readAtMs, a.place) - at(readAtMs, b.place));
  return {
    meterIds: int8s(
      tx,
      Float64Array.from(each, ({ run }) => at(meterIds, run)),
    ),
    readAt: timestamps(
      tx,
      Float64Array.from(each, ({ place }) => at(readAtMs, place)),
    ),
    indexLitres: int8s(
      tx,
      Float64Array.from(each, ({ place }) => at(indexLitres, place)),
    ),
    receivedAt: timestamps(
      tx,
      Float64Array.from(each, ({ run }) => at(receivedAtMs, run)),
    ),
  };
}

function rowsOf(changes: readonly ChangeRow[]): number {
  return changes.reduce((total, { rows }) => total + rows, 0);
}

/** The pieces stand in the order of meter and time. */
function firstOfEachMeter(pieces: RunPieces): MeterChange[] {
  const changes: MeterChange[] = [];
  let lastMeterId: number | undefined;
  for (let piece = 0; piece < pieces.count; piece += 1) {
    const meterId = pieces.meterIdOf(piece);
    if (meterId !== lastMeterId) changes.push({ meterId, firstReadAtMs: pieces.firstReadAtMsOf(piece) });
    lastMeterId = meterId;
  }
  return changes;
}

/** One change a meter: a reading and a conflict of the same batch count from the earlier of the two. */
function earliestOf(changes: readonly MeterChange[]): MeterChange[] {
  const earliestMs = new Map<number, number>();
  for (const { meterId, firstReadAtMs } of changes) {
    earliestMs.set(meterId, Math.min(firstReadAtMs, earliestMs.get(meterId) ?? Infinity));
  }
  return [...earliestMs].map(([meterId, firstReadAtMs]) => ({ meterId, firstReadAtMs }));
}
