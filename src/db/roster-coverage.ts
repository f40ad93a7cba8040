import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

/** What a home under watch can lack. */
export const COVERAGE_GAPS = ['no_meter', 'no_guardian', 'no_contact', 'no_desk'] as const;

const gapRow = z.object({ gap: z.enum(COVERAGE_GAPS), homes: z.number(), codes: z.array(z.string()) });

/** How many homes lack something, and the codes of the first of them. */
export type CoverageGap = z.output<typeof gapRow>;

/**
 * What the homes lack that are under watch at `at` or are going to be, with at most `codesPerGap` codes for each gap.
 *
 * Somebody who opted out of texts counts for nothing. Of the desks only that of the nearest level counts that has
 * one, since it alone is asked.
 */
export function coverageGaps(db: Db, at: Date, codesPerGap: number): Promise<CoverageGap[]> {
  return many(
    db,
    gapRow,
    sql`
      with recursive watched as (
        select id, code, community_id from household where monitored_until is null or monitored_until > ${at}
      ), above as (
        select distinct community_id as leaf_id, community_id, 0 as distance from watched
        union all
        select above.leaf_id, community.parent_id, above.distance + 1
        from above join community on community.id = above.community_id
        where community.parent_id is not null
      ), desk as (
        select above.leaf_id, person.opted_out_at is null as reachable,
               rank() over (partition by above.leaf_id order by above.distance) as nearness
        from above
        join community_staff on community_staff.community_id = above.community_id and community_staff.role = 'desk'
        join person on person.id = community_staff.person_id
      ), reachable as (
        select pairing.household_id, pairing.role
        from pairing join person on person.id = pairing.person_id
        where person.opted_out_at is null
      ), metered as (
        select household_id from meter_binding where bound_until is null or bound_until > ${at}
      ), lacking as (
        select 'no_meter' as gap, code from watched where id not in (select household_id from metered)
        union all
        select 'no_guardian', code from watched
        where id not in (select household_id from reachable where role = 'guardian')
        union all
        select 'no_contact', code from watched
        where id not in (select household_id from reachable where role = 'contact')
        union all
        select 'no_desk', code from watched
        where community_id not in (select leaf_id from desk where nearness = 1 and reachable)
      )
      select gap, count(*) as homes, (array_agg(code order by code))[1:${codesPerGap}::integer] as codes
      from lacking group by gap order by gap
    `,
  );
}
