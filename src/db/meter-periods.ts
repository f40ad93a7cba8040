import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

const periodRow = z.object({ meterId: z.number(), periodS: z.number().nullable() });

/** How long a meter usually leaves between two arrivals, in seconds; null where too few are known. */
export type MeterPeriod = z.output<typeof periodRow>;

/** From which arrivals it is learned, and which of the gaps between them counts as usual. */
export interface PeriodLearning {
  readonly since: Date;
  readonly at: Date;
  /** The shortest gap that so great a share of them does not exceed. */
  readonly share: number;
  /** Fewer gaps than these say nothing of what is usual. */
  readonly leastGaps: number;
}

/** Learns anew how often these meters are heard of. Where too few gaps are known, what was learned before stands. */
export function learnPeriods(
  db: Db,
  meterIds: readonly number[],
  { since, at, share, leastGaps }: PeriodLearning,
): Promise<MeterPeriod[]> {
  return many(
    db,
    periodRow,
    sql`
      insert into meter_period as known (meter_id, period_s, learned_at)
      select given.meter_id, usual.period_s, ${at}
      from unnest(${meterIds.toSorted((a, b) => a - b)}::bigint[]) as given (meter_id)
      cross join lateral (
        select case when count(*) >= ${leastGaps}::int
                    then round(percentile_disc(${share}::float8) within group (order by gap_s))::int end as period_s
        from (
          -- Readings that come within the same ten minutes are one arrival.
          select extract(epoch from at - lag(at) over (order by at)) as gap_s
          from (select distinct date_bin('10 minutes', received_at, timestamptz '2000-01-01') as at
                from register_reading where meter_id = given.meter_id and read_at > ${since}) arrival
        ) gap
        where gap_s is not null
      ) usual
      on conflict (meter_id) do update
      set period_s = coalesce(excluded.period_s, known.period_s), learned_at = excluded.learned_at
      returning meter_id as "meterId", period_s as "periodS"
    `,
  );
}

/**
 * Meters of homes under watch that were not heard of since `silentSince`, though within a week, and of which nobody has
 * learned within a day how often they are heard of.
 */
export async function metersToLearn(
  db: Db,
  { at, silentSince, limit }: { readonly at: Date; readonly silentSince: Date; readonly limit: number },
): Promise<number[]> {
  const rows = await many(
    db,
    z.object({ meterId: z.number() }),
    sql`
      select meter_binding.meter_id as "meterId"
      from home_watch
      join household on household.id = home_watch.household_id
      join meter_binding on meter_binding.household_id = household.id
      left join meter_period on meter_period.meter_id = meter_binding.meter_id
      where last_received_at < ${silentSince} and last_received_at > ${at}::timestamptz - interval '7 days'
        and monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
        and bound_from <= ${at} and (bound_until is null or bound_until > ${at})
        and (learned_at is null or learned_at <= ${at}::timestamptz - interval '1 day')
      order by 1 limit ${limit}
    `,
  );
  return rows.map(({ meterId }) => meterId);
}
