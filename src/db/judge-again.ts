import { LOCKS } from './locks.ts';
import { execute, sql, type Tx } from './sql.ts';

/** A home of which what was known of a time, and of all time since, may have changed. */
export interface HomeToJudgeAgain {
  readonly householdId: number;
  readonly from: Date;
}

/**
 * Keeps the detectors from judging until this transaction ends. A run that is under way is waited for: it would judge
 * by what it has read already, and would then forget that the homes are to be judged again.
 */
export async function holdDetectors(tx: Tx): Promise<void> {
  await execute(tx, sql`select pg_advisory_xact_lock(${LOCKS.detectorRun})`);
}

/** Has homes judged again, each from its time on, by the next run of the detectors. They must be held until then. */
export async function judgeAgain(tx: Tx, homes: readonly HomeToJudgeAgain[], at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into home_watch as known (household_id, verdict, judged_at, next_check_at, unwatched_since, judge_from)
      select household_id, 'CANNOT_TELL', ${at}, ${at}, ${at}, least(min(judge_from), ${at})
      from unnest(${homes.map(({ householdId }) => householdId)}::bigint[], ${homes.map(({ from }) => from)}::timestamptz[])
           as given (household_id, judge_from)
      group by household_id
      on conflict (household_id) do update
      set next_check_at = least(known.next_check_at, excluded.next_check_at),
          judge_from = least(known.judge_from, excluded.judge_from)
    `,
  );
}
