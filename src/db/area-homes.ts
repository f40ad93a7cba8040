import { z } from 'zod';
import type { AreaScope } from '../domain/area/area-scope.ts';
import { type Db, many, sql } from './sql.ts';

const homeRow = z.object({ householdId: z.number() });

/** The homes under watch in an area. */
export async function homesOfArea(db: Db, { kind, name }: AreaScope, at: Date): Promise<number[]> {
  const rows = await many(
    db,
    homeRow,
    sql`
      select household.id as "householdId"
      from household join community on community.id = household.community_id
      where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
        and (${kind} = 'everywhere' or ${kind} = 'community' and community.code = ${name}
             or exists (select from meter_binding join meter on meter.id = meter_binding.meter_id
                        where meter_binding.household_id = household.id
                          and bound_from <= ${at} and (bound_until is null or bound_until > ${at})
                          and case ${kind} when 'gateway' then meter.gateway = ${name}
                                           when 'dma' then meter.dma = ${name} end))
      order by household.id
    `,
  );
  return rows.map(({ householdId }) => householdId);
}

const deskRow = z.object({ personId: z.number() });

/** The desks that answer for these homes: of each community's nearest level that has any the first, each person once. */
export async function desksOf(db: Db, householdIds: readonly number[]): Promise<number[]> {
  const rows = await many(
    db,
    deskRow,
    sql`
      select distinct person_id as "personId"
      from (
        select distinct on (leaf_id) person_id
        from (select distinct community_id as leaf_id from household where id = any (${householdIds})) leaf
        cross join communities_above(leaf_id) above
        join community_staff on community_staff.community_id = above.community_id and role = 'desk'
        order by leaf_id, distance, position
      ) nearest
      order by 1
    `,
  );
  return rows.map(({ personId }) => personId);
}

const zoneRow = z.object({ timeZone: z.string() });

/** The time zone most of these homes live in, for a text about all of them. */
export async function zoneOfMost(db: Db, householdIds: readonly number[]): Promise<string> {
  const [first] = await many(
    db,
    zoneRow,
    sql`
      select time_zone as "timeZone" from household where id = any (${householdIds})
      group by 1 order by count(*) desc, 1 limit 1
    `,
  );
  return first?.timeZone ?? 'UTC';
}
