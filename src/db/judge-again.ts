import { execute, sql, type Tx } from './sql.ts';

/** A home of which what was known of a time, and of all time since, may have changed. */
export interface HomeToJudgeAgain {
  readonly householdId: number;
  readonly from: Date;
}

/**
 * Keeps the detectors from writing until this transaction ends, and makes void what a run under way has read: it would
 * judge by what is no longer so. Nobody waits for a run; it is the run that begins anew.
 */
export async function holdDetectors(tx: Tx): Promise<void> {
  await execute(tx, sql`update detector_shard set fence = fence + 1, leased_until = null`);
}

/** Has homes judged again, each from its time on, by the next run of the detectors. */
export async function judgeAgain(tx: Tx, homes: readonly HomeToJudgeAgain[], at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into judge_note (shard, noted_at, household_ids, changed_from)
      select detector_shard_of(household_id), ${at}, array_agg(household_id), array_agg(least(changed_from, ${at}))
      from unnest(${homes.map(({ householdId }) => householdId)}::bigint[], ${homes.map(({ from }) => from)}::timestamptz[])
           as given (household_id, changed_from)
      group by 1
    `,
  );
}
