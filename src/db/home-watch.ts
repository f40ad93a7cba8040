import { z } from 'zod';
import type { Verdict } from '../domain/metering/verdict.ts';
import { type Db, execute, many, sql } from './sql.ts';

export interface HomeWatch {
  readonly householdId: number;
  readonly verdict: Verdict;
  readonly lastReadAt: Date | undefined;
  readonly lastReceivedAt: Date | undefined;
  readonly lastUseAt: Date | undefined;
  readonly nextCheckAt: Date;
}

/** Writes the judgement of many homes at once. A home that was unwatched before stays unwatched since then. */
export async function saveHomeWatches(db: Db, watches: readonly HomeWatch[], at: Date): Promise<void> {
  const column = <T>(pick: (watch: HomeWatch) => T) => watches.map(pick);
  await execute(
    db,
    sql`
      insert into home_watch as known (household_id, verdict, judged_at, last_read_at, last_received_at, last_use_at,
                                       next_check_at, unwatched_since)
      select judged.*, case when judged.verdict = 'CANNOT_TELL' then judged.at end
      from (
        select household_id, verdict, ${at}::timestamptz as at, last_read_at, last_received_at, last_use_at, next_check_at
        from unnest(${column((watch) => watch.householdId)}::bigint[], ${column((watch) => watch.verdict)}::text[],
                    ${column((watch) => watch.lastReadAt ?? null)}::timestamptz[],
                    ${column((watch) => watch.lastReceivedAt ?? null)}::timestamptz[],
                    ${column((watch) => watch.lastUseAt ?? null)}::timestamptz[],
                    ${column((watch) => watch.nextCheckAt)}::timestamptz[])
             as given (household_id, verdict, last_read_at, last_received_at, last_use_at, next_check_at)
      ) judged
      on conflict (household_id) do update
      set verdict = excluded.verdict, judged_at = excluded.judged_at, last_read_at = excluded.last_read_at,
          last_received_at = excluded.last_received_at,
          last_use_at = coalesce(excluded.last_use_at, known.last_use_at),
          next_check_at = excluded.next_check_at, judge_from = null,
          unwatched_since = case when excluded.verdict = 'CANNOT_TELL'
                                 then coalesce(known.unwatched_since, excluded.unwatched_since) end
    `,
  );
}

export interface UnjudgedHome {
  readonly householdId: number;
  /** The time from which its readings are still to be looked at. */
  readonly changedFrom: Date;
}

/** Notes that a home could not be judged: it counts as unwatched and is looked at again at `retryAt`, from where it was. */
export async function setHomeAside(db: Db, home: UnjudgedHome, at: Date, retryAt: Date): Promise<void> {
  await execute(
    db,
    sql`
      insert into home_watch as known (household_id, verdict, judged_at, next_check_at, unwatched_since, judge_from)
      values (${home.householdId}, 'CANNOT_TELL', ${at}, ${retryAt}, ${at}, ${home.changedFrom})
      on conflict (household_id) do update
      set verdict = excluded.verdict, judged_at = excluded.judged_at, next_check_at = excluded.next_check_at,
          unwatched_since = coalesce(known.unwatched_since, excluded.unwatched_since),
          judge_from = least(known.judge_from, excluded.judge_from)
    `,
  );
}

const dueRow = z.object({ householdId: z.number(), judgeFrom: z.date().nullable() });
export type DueHome = z.output<typeof dueRow>;

/** Homes of these shards that must be looked at though nothing came: their time is up, or they have never been judged. */
export function homesDueForCheck(db: Db, shards: readonly number[], at: Date, limit: number): Promise<DueHome[]> {
  return many(
    db,
    dueRow,
    sql`
      (select household_id as "householdId", judge_from as "judgeFrom" from home_watch
       join household on household.id = household_id
       where next_check_at <= ${at} and monitored_from <= ${at}
         and (monitored_until is null or monitored_until > ${at})
         and detector_shard_of(household_id) = any (${shards})
       order by next_check_at limit ${limit})
      union all
      (select household.id, null from household
       where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
         and detector_shard_of(household.id) = any (${shards})
         and not exists (select from home_watch where home_watch.household_id = household.id)
       limit ${limit})
    `,
  );
}
