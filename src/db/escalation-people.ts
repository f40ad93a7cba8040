import { z } from 'zod';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
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

/**
 * Everybody who may be asked about a home: its own guardians and contacts, and of each staff role those of the
 * nearest level above it that has any (community, then town, then city).
 */
export function candidatesFor(db: Db, householdId: number): Promise<Candidate[]> {
  return many(
    db,
    candidateRow,
    sql`
      with staff as (
        select person_id, role, position, distance, rank() over (partition by role order by distance) as nearness
        from household
        cross join communities_above(household.community_id) above
        join community_staff on community_staff.community_id = above.community_id
        where household.id = ${householdId}
      )
      select person_id as "personId", role, position, 0 as distance, from_minute as "fromMinute",
             until_minute as "untilMinute"
      from pairing where household_id = ${householdId}
      union all
      select person_id, role, position, distance, null, null from staff where nearness = 1
      order by role, position
    `,
  );
}
