import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

/** The oldest notes of what changed, as many as speak of about `maxSubjects` meters and homes; at least one if any. */
export async function pendingRollUps(db: Db, maxSubjects: number): Promise<number[]> {
  const rows = await many(
    db,
    z.object({ id: z.number() }),
    sql`
      select id
      from (
        select id, sum(cardinality(ids)) over (order by id) - cardinality(ids) as subjects_before
        from (select id, ids from roll_up_note order by id limit ${maxSubjects}) oldest
      ) pending
      where subjects_before < ${maxSubjects}
      order by id
    `,
  );
  return rows.map(({ id }) => id);
}

const homeRow = z.object({ householdId: z.number(), timeZone: z.string(), changedFrom: z.date() });

/** A home whose days are to be added up again, from the day of this moment on. */
export type HomeToRollUp = z.output<typeof homeRow>;

/**
 * The homes that these notes speak of, each with the earliest moment whose water may be another by now: the last
 * reading before the change, since the interval that began there ends elsewhere now. 1970 stands for the beginning.
 */
export function homesToRollUp(db: Db, noteIds: readonly number[]): Promise<HomeToRollUp[]> {
  return many(
    db,
    homeRow,
    sql`
      with changed as (
        select subject, change.id, min(change.changed_from) as changed_from
        from roll_up_note cross join lateral unnest(ids, changed_from) as change (id, changed_from)
        where roll_up_note.id = any (${noteIds})
        group by 1, 2
      ), touched as (
        select household_id, meter_id, bound_from, changed_from
        from changed join meter_binding on subject = 'meter' and meter_id = changed.id
          and (bound_until is null or bound_until > changed_from)
        union all
        select household_id, meter_id, bound_from, changed_from
        from changed join meter_binding on subject = 'household' and household_id = changed.id
          and (bound_until is null or bound_until >= changed_from)
      ), since as (
        select household_id, coalesce(before.read_at, greatest(changed_from, bound_from)) as changed_from
        from touched
        left join lateral (
          select read_at from register_reading
          where meter_id = touched.meter_id and read_at >= bound_from and read_at < changed_from
          order by read_at desc limit 1
        ) before on true
        union all
        select changed.id, changed_from from changed where subject = 'household'
      )
      select household.id as "householdId", time_zone as "timeZone",
             greatest(min(changed_from), to_timestamp(0)) as "changedFrom"
      from since join household on household.id = since.household_id
      group by household.id, time_zone
      order by 3 desc, 1
    `,
  );
}

/** Forgets notes: in the transaction that wrote the days they led to. */
export async function forgetRollUps(db: Db, noteIds: readonly number[]): Promise<void> {
  await execute(db, sql`delete from roll_up_note where id = any (${noteIds})`);
}
