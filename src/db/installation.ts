import { z } from 'zod';
import { type Db, many, one, sql } from './sql.ts';

const serverRow = z.object({
  version: z.string(),
  versionNumber: z.number(),
  clock: z.date(),
  timescaleVersion: z.string().nullable(),
});

/** What a database server says of itself. `clock` is its own time at the moment of asking. */
export type ServerFacts = z.output<typeof serverRow>;

export function serverFacts(db: Db): Promise<ServerFacts> {
  return one(
    db,
    serverRow,
    sql`
      select current_setting('server_version') as version,
             current_setting('server_version_num')::integer as "versionNumber",
             clock_timestamp() as clock,
             (select extversion from pg_extension where extname = 'timescaledb') as "timescaleVersion"
    `,
  );
}

const jobRow = z.object({ job: z.string() });

/** TimescaleDB's own jobs (compression, retention, refresh) whose last run failed. Needs the extension. */
export async function failingTimescaleJobs(db: Db): Promise<string[]> {
  const rows = await many(
    db,
    jobRow,
    sql`
      select jobs.application_name as job
      from timescaledb_information.job_stats stats
      join timescaledb_information.jobs on jobs.job_id = stats.job_id
      where stats.last_run_status = 'Failed'
      order by 1
    `,
  );
  return rows.map(({ job }) => job);
}

/** TimescaleDB's own jobs that were to have run three times since they last did. Needs the extension. */
export async function idleTimescaleJobs(db: Db, at: Date): Promise<string[]> {
  const rows = await many(
    db,
    jobRow,
    sql`
      select jobs.application_name as job
      from timescaledb_information.job_stats stats
      join timescaledb_information.jobs on jobs.job_id = stats.job_id
      where jobs.hypertable_name = 'register_reading' and stats.last_run_status = 'Success'
        and stats.last_successful_finish < ${at}::timestamptz - 3 * jobs.schedule_interval
      order by 1
    `,
  );
  return rows.map(({ job }) => job);
}

const backlogRow = z.object({
  watchedHomes: z.number(),
  unwatchedHomes: z.number(),
  firstTextDueAt: z.date().nullable(),
  firstStepDueAt: z.date().nullable(),
  quarantined: z.number(),
});

/**
 * What waits to be done. `unwatchedHomes` are those under watch of which nobody can tell whether water was used. The
 * due times may lie in the future.
 */
export type Backlog = z.output<typeof backlogRow>;

export function backlog(db: Db, at: Date): Promise<Backlog> {
  return one(
    db,
    backlogRow,
    sql`
      with watched as (
        select id from household where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
      )
      select (select count(*) from watched) as "watchedHomes",
             (select count(*) from watched join home_watch on household_id = id
              where unwatched_since is not null) as "unwatchedHomes",
             (select min(not_before) from outbox where state in ('waiting', 'sending')) as "firstTextDueAt",
             (select min(next_step_at) from alert where state <> 'closed') as "firstStepDueAt",
             (select count(*) from quarantined_message where replayed_at is null) as quarantined
    `,
  );
}

/** Resolves when the database answers. */
export async function ping(db: Db): Promise<void> {
  await one(db, z.object({ alive: z.literal(1) }), sql`select 1 as alive`);
}
