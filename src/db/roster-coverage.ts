import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

/** What a home under watch can lack. */
export const COVERAGE_GAPS = ['no_meter', 'no_guardian', 'no_contact', 'no_desk', 'all_away'] as const;

const gapRow = z.object({ gap: z.enum(COVERAGE_GAPS), homes: z.number(), codes: z.array(z.string()) });

/** How many homes lack something, and the codes of the first of them. */
export type CoverageGap = z.output<typeof gapRow>;

export interface CoverageQuestion {
  readonly at: Date;
  /** Until when leave is looked at. */
  readonly until: Date;
  readonly codesPerGap: number;
}

/**
 * What the homes lack that are under watch at `at` or are going to be, with at most `codesPerGap` codes for each gap. `all_away`:
 * none of their own people is there all the time until `until`, and nobody stands in for them.
 *
 * Somebody who opted out of texts counts for nothing. Of the desks only that of the nearest level counts that has
 * one, since it alone is asked.
 */
export function coverageGaps(db: Db, { at, until, codesPerGap }: CoverageQuestion): Promise<CoverageGap[]> {
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
        select pairing.household_id, pairing.role, pairing.person_id
        from pairing join person on person.id = pairing.person_id
        where person.opted_out_at is null
      ), going as (
        -- Whoever is away at some time until then, without anybody who would stand in for them.
        select leave.person_id from leave
        left join leave as also on also.person_id = leave.substitute_id and also.substitute_id is null
          and also.away_from < leave.away_until and also.away_until > leave.away_from
        left join person as standin on standin.id = leave.substitute_id
        where leave.away_from < ${until} and leave.away_until > ${at}
          and (leave.substitute_id is null or also.id is not null or standin.opted_out_at is not null)
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
        union all
        select 'all_away', code from watched
        where id in (select household_id from reachable)
          and id not in (select household_id from reachable where person_id not in (select person_id from going))
      )
      select gap, count(*) as homes, (array_agg(code order by code))[1:${codesPerGap}::integer] as codes
      from lacking group by gap order by gap
    `,
  );
}
