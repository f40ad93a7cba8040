import { z } from 'zod';
import { type Db, execute, many, one, sql } from './sql.ts';

/** Whether TimescaleDB keeps the readings, and so deletes the old ones by itself. */
export async function hasTimescale(db: Db): Promise<boolean> {
  const { present } = await one(
    db,
    z.object({ present: z.boolean() }),
    sql`select exists (select from pg_extension where extname = 'timescaledb') as present`,
  );
  return present;
}

/** Lets TimescaleDB's own policy delete readings after so many days. Returns whether it had been told otherwise. */
export async function followRetention(db: Db, keptDays: number): Promise<boolean> {
  const dropAfter = `${keptDays} days`;
  const changed = await many(
    db,
    z.object({ jobId: z.number() }),
    sql`
      select (alter_job(job_id, config => jsonb_set(config, '{drop_after}', to_jsonb(${dropAfter}::text)))).job_id
             as "jobId"
      from timescaledb_information.jobs
      where proc_name = 'policy_retention' and hypertable_name = 'register_reading'
        and config ->> 'drop_after' is distinct from ${dropAfter}::text
    `,
  );
  return changed.length > 0;
}

/** The next meters after this one, in the order of their ids. */
export async function metersAfter(db: Db, meterId: number, limit: number): Promise<number[]> {
  const rows = await many(
    db,
    z.object({ id: z.number() }),
    sql`select id from meter where id > ${meterId} order by id limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}

export interface OldReadings {
  readonly meterIds: readonly number[];
  /** Readings taken before this moment go. */
  readonly before: Date;
  /** At most so many at once, to let others in between. */
  readonly limit: number;
}

/** Deletes old readings of some meters by their primary key, without looking at the others. Returns how many. */
export function forgetReadings(db: Db, { meterIds, before, limit }: OldReadings): Promise<number> {
  return execute(
    db,
    sql`
      delete from register_reading where ctid = any (array(
        select ctid from register_reading where meter_id = any (${meterIds}) and read_at < ${before} limit ${limit}
      ))
    `,
  );
}

/** Deletes the conflicts of readings that are too old themselves. Returns how many. */
export function forgetConflicts(db: Db, { meterIds, before, limit }: OldReadings): Promise<number> {
  return execute(
    db,
    sql`
      delete from reading_conflict where ctid = any (array(
        select ctid from reading_conflict where meter_id = any (${meterIds}) and read_at < ${before} limit ${limit}
      ))
    `,
  );
}
