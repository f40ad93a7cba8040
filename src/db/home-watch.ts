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
          next_check_at = excluded.next_check_at,
          unwatched_since = case when excluded.verdict = 'CANNOT_TELL'
                                 then coalesce(known.unwatched_since, excluded.unwatched_since) end
    `,
  );
}

const idRow = z.object({ id: z.number() });

/** Homes that must be looked at though nothing came: their time is up, or they have never been judged. */
export async function homesDueForCheck(db: Db, at: Date, limit: number): Promise<number[]> {
  const rows = await many(
    db,
    idRow,
    sql`
      (select household_id as id from home_watch
       join household on household.id = household_id
       where next_check_at <= ${at} and (monitored_until is null or monitored_until > ${at})
       order by next_check_at limit ${limit})
      union
      (select household.id from household
       where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
         and not exists (select from home_watch where home_watch.household_id = household.id)
       limit ${limit})
    `,
  );
  return rows.map(({ id }) => id);
}
