import { type DbPool, inTransaction } from '../../src/db/sql.ts';
import { DAY_MS } from '../../src/domain/time.ts';

/** The first moment of every history. */
const START = new Date('2025-01-06T16:00:00Z');
/** As many meters as one batch of the ingester may name. */
const METERS_A_BATCH = 1_000;
const AT_ONCE = 1_000;
/** As many as the pool that is given has. */
const CONNECTIONS = 2;

export function endOfDay(days: number): Date {
  return new Date(START.getTime() + days * DAY_MS);
}

/** Homes with a meter each, under watch since the beginning, and without any reading, in an empty database. */
export async function makeTown(pool: DbPool, homes: number): Promise<void> {
  await pool.query(`insert into community (code, name, level) values ('bench', 'bench', 'city')`);
  await pool.query(
    `insert into household (code, community_id, tier, time_zone, monitored_from)
     select 'B' || n, (select id from community), 1 + n % 3, 'Asia/Shanghai', $1::timestamptz from generate_series(1, $2::int) n`,
    [START, homes],
  );
  await pool.query(`insert into meter (serial) select 'B-' || n from generate_series(1, $1::int) n`, [homes]);
  await pool.query(
    `insert into meter_binding (meter_id, household_id, bound_from) select id, id, $1::timestamptz from meter`,
    [START],
  );
  await pool.query('delete from roll_up_note');
}

/**
 * The days before anybody looks, as `daysArrive` writes them, for all homes. The key is taken off and built in one go at
 * the end: otherwise most of an hour would go by before a large town is full.
 */
export async function historyArrives(pool: DbPool, homes: number, days: number, onDay: (day: number) => void) {
  await pool.query('alter table register_reading drop constraint register_reading_pkey');
  for (let day = 0; day < days; day += 1) {
    await daysArrive(pool, homes, day, day + 1);
    onDay(day + 1);
  }
  await inTransaction(pool, async (tx) => {
    await tx.query(`set local maintenance_work_mem = '1GB'`);
    await tx.query('alter table register_reading add primary key (meter_id, read_at)');
  });
}

/**
 * Hourly readings of all homes for the days from `first` up to `last`, as batches of the ingester left them: water in a
 * third of the waking hours, at hours that differ from home to home and from day to day, and some days out.
 *
 * Written in the order of time within each thousand meters: as they come when each meter sends its day at once.
 */
export async function daysArrive(pool: DbPool, homes: number, first: number, last: number): Promise<void> {
  const thousands = Array.from({ length: Math.ceil(homes / AT_ONCE) }, (_, n) => n * AT_ONCE + 1);
  for (let day = first; day < last; day += 1) {
    const waiting = thousands.values();
    const takeNext = async () => {
      for (const from of waiting) await dayOfSome(pool, { day, from, until: Math.min(homes, from + AT_ONCE - 1) });
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, takeNext));
  }
}

async function dayOfSome(
  pool: DbPool,
  { day, from, until }: { readonly day: number; readonly from: number; readonly until: number },
): Promise<void> {
  await pool.query(
    `insert into register_reading (meter_id, read_at, index_l, received_at)
     select meter, $1::timestamptz + make_interval(hours => hour),
            100000 + $4::int * 160 + sum(case when hour between 7 and 22 and hashint8(meter * 7919 + $4 * 31 + hour) % 3 = 0
                                               and hashint8(meter + $4) % 9 <> 0
                                          then 4 + abs(hashint8(meter + $4 + hour) % 20) else 0 end)
              over (partition by meter order by hour)::int, $5::timestamptz
     from generate_series($2::bigint, $3::bigint) meter cross join generate_series(1, 24) hour
     order by meter, hour`,
    [endOfDay(day), from, until, day, endOfDay(day + 1)],
  );
}

/** The notes of the batches in which the days since `first` came. */
export async function noteArrival(pool: DbPool, first: number, last: number): Promise<void> {
  await pool.query(
    `insert into ingest_batch (received_at, meter_ids, first_read_at)
     select $1, array_agg(id), array_agg($2::timestamptz + interval '1 hour') from meter group by id / $3::int`,
    [endOfDay(last), endOfDay(first), METERS_A_BATCH],
  );
}
