import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

const changeRow = z.object({
  householdId: z.number(),
  firstReadAt: z.date(),
});

/** A home with new readings, and the earliest of them, or of those still to be judged from before. */
export type HomeChange = z.output<typeof changeRow>;

/** The oldest batch notes that no run is done with yet. They stay until `forgetBatches`, so a run that dies loses none. */
export async function pendingBatches(db: Db, limit: number): Promise<number[]> {
  const rows = await many(
    db,
    z.object({ id: z.number() }),
    sql`select id from ingest_batch order by id limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}

/**
 * The homes to which the meters of these batches belong or came to belong after the reading: a late reading before an
 * exchange concerns the home of its own time.
 */
export function homesChangedBy(db: Db, batchIds: readonly number[]): Promise<HomeChange[]> {
  return many(
    db,
    changeRow,
    sql`
      select meter_binding.household_id as "householdId",
             least(min(change.first_read_at), min(home_watch.judge_from)) as "firstReadAt"
      from ingest_batch
      cross join lateral unnest(ingest_batch.meter_ids, ingest_batch.first_read_at) as change (meter_id, first_read_at)
      join meter_binding on meter_binding.meter_id = change.meter_id
        and (meter_binding.bound_until is null or meter_binding.bound_until > change.first_read_at)
      left join home_watch on home_watch.household_id = meter_binding.household_id
      where ingest_batch.id = any (${batchIds})
      group by 1
      order by 1
    `,
  );
}

/** Deletes the notes of batches that have been judged, and leaves word for the roll-up of the days. */
export async function forgetBatches(db: Db, batchIds: readonly number[]): Promise<void> {
  await execute(
    db,
    sql`
      with judged as (delete from ingest_batch where id = any (${batchIds}) returning id, meter_ids, first_read_at)
      insert into roll_up_note (subject, ids, changed_from)
      select 'meter', meter_ids, first_read_at from judged order by id
    `,
  );
}
