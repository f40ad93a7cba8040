import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

const clockRow = z.object({
  meterId: z.number(),
  householdId: z.number(),
  place: z.string(),
  /** The least time that a reading of the last day took from its meter's clock to us, in minutes; negative from the future. */
  leastDelayMin: z.number(),
  /** By how many separate uploads they came. */
  arrivals: z.number(),
});

/** How late, by its own clock, a meter's readings of the last day came. */
export type ClockFacts = z.output<typeof clockRow>;

/** The meters at homes under watch that were heard of within a day, and how late their readings of it came. */
export function clockFacts(db: Db, at: Date): Promise<ClockFacts[]> {
  return many(
    db,
    clockRow,
    sql`
      select meter.id as "meterId", household.id as "householdId",
             coalesce('gateway ' || meter.gateway, 'dma ' || meter.dma, 'community ' || household.community_id) as place,
             day.least as "leastDelayMin", day.arrivals
      from meter_binding
      join meter on meter.id = meter_binding.meter_id
      join household on household.id = meter_binding.household_id
      cross join lateral (
        select extract(epoch from min(received_at - read_at))::float8 / 60 as least,
               count(distinct date_bin('10 minutes', received_at, timestamptz '2000-01-01')) as arrivals
        from register_reading
        where meter_id = meter.id and read_at > ${at}::timestamptz - interval '1 day'
          and received_at > ${at}::timestamptz - interval '1 day' and received_at <= ${at}
      ) day
      where bound_from <= ${at} and (bound_until is null or bound_until > ${at})
        and monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
        and day.least is not null
    `,
  );
}

const stillRow = z.object({
  meterId: z.number(),
  householdId: z.number(),
  indexLitres: z.number(),
  sinceMs: z.number(),
  asOfMs: z.number(),
});

/** A register that shows the same as long ago, and since when at the least. */
export type StillRegister = z.output<typeof stillRow>;

/**
 * The meters that report and whose register has not moved for so many days, at homes whose people are not said to be away.
 * A home's second meter, in a garden, may stand still all winter: there the others must stand still too.
 */
export function stillRegisters(
  db: Db,
  { at, days, heardSince }: { readonly at: Date; readonly days: number; readonly heardSince: Date },
): Promise<StillRegister[]> {
  return many(
    db,
    stillRow,
    sql`
      with bound as (
        select meter_binding.meter_id, meter_binding.household_id, newest.index_l, newest.read_at as newest_at,
               before.read_at as before_at, newest.received_at > ${heardSince} as is_heard,
               before.index_l = newest.index_l as is_still
        from meter_binding
        join household on household.id = meter_binding.household_id
        cross join lateral (
          select read_at, index_l, received_at from register_reading
          where meter_id = meter_binding.meter_id and read_at >= bound_from and read_at <= ${at}
          order by read_at desc limit 1
        ) newest
        left join lateral (
          select read_at, index_l from register_reading
          where meter_id = meter_binding.meter_id and read_at >= bound_from
            and read_at <= newest.read_at - ${days}::int * interval '1 day'
          order by read_at desc limit 1
        ) before on true
        where bound_from <= ${at} and (bound_until is null or bound_until > ${at})
          and monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
      )
      select meter_id as "meterId", household_id as "householdId", index_l as "indexLitres",
             (extract(epoch from before_at) * 1000)::int8 as "sinceMs",
             (extract(epoch from newest_at) * 1000)::int8 as "asOfMs"
      from bound
      where is_heard and is_still
        and not exists (select from bound as other
                        where other.household_id = bound.household_id and other.is_still is not true)
        and not exists (select from absence where absence.household_id = bound.household_id
                        and away_from <= newest_at and coalesce(ended_at, away_until) > before_at)
      order by 1
    `,
  );
}
