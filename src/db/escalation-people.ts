import { z } from 'zod';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
import { groupByHome } from './group-by-home.ts';
import { type Db, many, sql } from './sql.ts';

const candidateRow = z.object({
  personId: z.number(),
  role: z.enum(ROLES),
  position: z.number(),
  /** How many levels above the home's community they work; 0 for its own people. */
  distance: z.number(),
  /** Between which minutes of the day, by the clock of the home, they can be asked; null at any hour. */
  fromMinute: z.number().nullable(),
  untilMinute: z.number().nullable(),
});

/** Somebody who may be asked about a home, in the capacity in which they would be. */
export type Candidate = z.output<typeof candidateRow>;

const candidateOfHome = candidateRow.extend({ householdId: z.number() });

/**
 * Everybody who may be asked about each of some homes: its own guardians and contacts, and of each staff role those of
 * the nearest level above it that has any (community, then town, then city). Every home has an entry.
 */
export async function candidatesForHomes(
  db: Db,
  householdIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Candidate[]>> {
  const rows = await many(
    db,
    candidateOfHome,
    sql`
      with home as (
        select id, community_id from household where id = any (${householdIds})
      ), staff as (
        select leaf.community_id as leaf, person_id, role, position, distance,
               rank() over (partition by leaf.community_id, role order by distance) as nearness
        from (select distinct community_id from home) leaf
        cross join communities_above(leaf.community_id) above
        join community_staff on community_staff.community_id = above.community_id
      )
      select household_id as "householdId", person_id as "personId", role, position, 0 as distance,
             from_minute as "fromMinute", until_minute as "untilMinute"
      from pairing where household_id = any (${householdIds})
      union all
      select home.id, person_id, role, position, distance, null, null
      from staff join home on home.community_id = staff.leaf
      where nearness = 1
      order by role, position
    `,
  );
  const found = groupByHome(rows);
  return new Map(householdIds.map((id) => [id, found.get(id) ?? []]));
}

/** The same for one home. */
export async function candidatesFor(db: Db, householdId: number): Promise<readonly Candidate[]> {
  return (await candidatesForHomes(db, [householdId])).get(householdId) ?? [];
}
