import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

/** What a home under watch can lack. */
export const COVERAGE_GAPS = ['no_meter', 'no_guardian', 'no_contact', 'no_desk', 'all_away', 'hours'] as const;

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
 * What the homes lack that are under watch at `at` or are going to be, with at most `codesPerGap` codes for each gap.
 * `all_away`: at some time until `until` all of their own people are on leave, and nobody stands in for them. `hours`:
 * there are hours of the day at which none of their own can be asked.
 *
 * Somebody who opted out of texts counts for nothing. Of the desks only that of the nearest level counts that has
 * one, since it alone is asked.
 */
export function coverageGaps(db: Db, { at, until, codesPerGap }: CoverageQuestion): Promise<CoverageGap[]> {
  return many(
    db,
    gapRow,
    sql`
      with watched as (
        select id, code, community_id from household where monitored_until is null or monitored_until > ${at}
      ), above as (
        select leaf_id, above.community_id, distance
        from (select distinct community_id as leaf_id from watched) leaf cross join communities_above(leaf_id) above
      ), desk as (
        select above.leaf_id, person.opted_out_at is null as reachable,
               rank() over (partition by above.leaf_id order by above.distance) as nearness
        from above
        join community_staff on community_staff.community_id = above.community_id and community_staff.role = 'desk'
        join person on person.id = community_staff.person_id
      ), reachable as (
        select pairing.household_id, pairing.role, pairing.person_id, from_minute, until_minute
        from pairing join person on person.id = pairing.person_id
        where person.opted_out_at is null
      ), hours as (
        -- The minutes of the day at which somebody can be asked; hours past midnight are two stretches.
        select household_id, range_agg(minutes) as minutes
        from reachable cross join lateral (
          select int4range(0, 1440) as minutes where from_minute is null
          union all
          select int4range(from_minute, until_minute) where from_minute < until_minute
          union all
          select unnest(array[int4range(0, until_minute), int4range(from_minute, 1440)]) where from_minute > until_minute
        ) stretch
        group by household_id
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
        select 'all_away', code
        from homes_without_people(${at}, ${until}) as alone join watched on watched.id = alone.household_id
        where kind = 'all_away'
        union all
        select 'hours', code from watched join hours on hours.household_id = watched.id
        where not minutes @> int4range(0, 1440)
      )
      select gap, count(*) as homes, (array_agg(code order by code))[1:${codesPerGap}::integer] as codes
      from lacking group by gap order by gap
    `,
  );
}
