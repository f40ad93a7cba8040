import { z } from 'zod';
import { type Db, execute, many, one, sql } from './sql.ts';

/**
 * Divides the oldest notes of what the ingester stored among the shards of the homes that they concern, and leaves word
 * for the roll-up of the days. All in one statement: a run that dies has divided notes, or has not.
 *
 * A meter's change concerns the homes to which it belongs or came to belong after the reading: a late reading before an
 * exchange is about the home of its own time. Notes that another process divides at this moment are left to it.
 * Returns how many were divided.
 */
export async function divideBatches(db: Db, limit: number): Promise<number> {
  const { divided } = await one(
    db,
    z.object({ divided: z.number() }),
    sql`
      with taken as (
        delete from ingest_batch
        where id in (select id from ingest_batch order by id limit ${limit} for update skip locked)
        returning id, received_at, meter_ids, first_read_at
      ), handed_on as (
        insert into roll_up_note (subject, ids, changed_from)
        select 'meter', meter_ids, first_read_at from taken order by id
      ), change as (
        select meter_id, min(change.first_read_at) as first_read_at, min(received_at) as received_at
        from taken cross join lateral unnest(meter_ids, taken.first_read_at) as change (meter_id, first_read_at)
        group by 1
      ), home as (
        select household_id, min(first_read_at) as changed_from, min(received_at) as noted_at
        from change
        join meter_binding on meter_binding.meter_id = change.meter_id
          and (bound_until is null or bound_until > first_read_at)
        group by 1
      ), noted as (
        insert into judge_note (shard, noted_at, household_ids, changed_from)
        select detector_shard_of(household_id), min(noted_at), array_agg(household_id order by household_id),
               array_agg(changed_from order by household_id)
        from home group by 1
      )
      select count(*) as divided from taken
    `,
  );
  return divided;
}

/** The oldest notes of these shards that no run is done with. They stay until `forgetNotes`: a run that dies loses none. */
export async function pendingNotes(db: Db, shards: readonly number[], limit: number): Promise<number[]> {
  const rows = await many(
    db,
    z.object({ id: z.number() }),
    sql`select id from judge_note where shard = any (${shards}) order by id limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}

const changeRow = z.object({ householdId: z.number(), changedFrom: z.date() });

/** A home to be judged, from the earliest change on, or from what is still to be judged of before. */
export type HomeChange = z.output<typeof changeRow>;

/** The homes that these notes speak of, each once. */
export function homesOfNotes(db: Db, noteIds: readonly number[]): Promise<HomeChange[]> {
  return many(
    db,
    changeRow,
    sql`
      select noted.household_id as "householdId",
             least(min(noted.changed_from), min(home_watch.judge_from)) as "changedFrom"
      from judge_note
      cross join lateral unnest(judge_note.household_ids, judge_note.changed_from) as noted (household_id, changed_from)
      left join home_watch on home_watch.household_id = noted.household_id
      where judge_note.id = any (${noteIds})
      group by 1
      order by 1
    `,
  );
}

/** Deletes notes of which every home has been judged and acted on. */
export async function forgetNotes(db: Db, noteIds: readonly number[]): Promise<void> {
  await execute(db, sql`delete from judge_note where id = any (${noteIds})`);
}
