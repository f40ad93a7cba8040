import { z } from 'zod';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
import { type Db, many, sql } from './sql.ts';

const candidateRow = z.object({
  personId: z.number(),
  role: z.enum(ROLES),
  position: z.number(),
  /** How many levels above the home's community they work; 0 for its own people. */
  distance: z.number(),
});

/** Somebody who may be asked about a home, in the capacity in which they would be. */
export type Candidate = z.output<typeof candidateRow>;

/**
 * Everybody who may be asked about a home: its own guardians and contacts, and of each staff role those of the
 * nearest level above it that has any (community, then town, then city).
 */
export function candidatesFor(db: Db, householdId: number): Promise<Candidate[]> {
  return many(
    db,
    candidateRow,
    sql`
      with recursive above as (
        select community.id, community.parent_id, 0 as distance
        from household join community on community.id = household.community_id
        where household.id = ${householdId}
        union all
        select community.id, community.parent_id, above.distance + 1
        from community join above on community.id = above.parent_id
      ), staff as (
        select community_staff.*, distance, rank() over (partition by role order by distance) as nearness
        from community_staff join above on above.id = community_staff.community_id
      )
      select person_id as "personId", role, position, 0 as distance from pairing where household_id = ${householdId}
      union all
      select person_id, role, position, distance from staff where nearness = 1
      order by role, position
    `,
  );
}
