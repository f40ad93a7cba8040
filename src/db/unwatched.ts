import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

const hoursRow = z.object({
  code: z.string(),
  monthS: z.number(),
  watchedS: z.number(),
  awayS: z.number(),
  unwatchedS: z.number(),
});

/** How the seconds of a home's month, as far as it was under watch, divide. The three parts add up to `monthS` exactly. */
export type WatchedHours = z.output<typeof hoursRow>;

/**
 * Divides a month of each home's own calendar, up to `at`, into watched, away and unwatched. A time that is both away and
 * unwatched counts as away; a home that was never judged counts as unwatched.
 *
 * @param month `2026-03`
 */
export function watchedHours(db: Db, month: string, at: Date): Promise<WatchedHours[]> {
  return many(
    db,
    hoursRow,
    sql`
      with home as (
        select id, code, tstzmultirange(tstzrange(
                 least(greatest(first_day at time zone time_zone, monitored_from), ends.at),
                 ends.at)) as month
        from household
        cross join (select (${month} || '-01')::timestamp as first_day) month
        cross join lateral (
          select greatest(first_day at time zone time_zone,
                          least((first_day + interval '1 month') at time zone time_zone, monitored_until, ${at})) as at
        ) ends
      ), part as (
        select home.id, code, month,
               month * coalesce((select range_agg(tstzrange(away_from, greatest(away_from, coalesce(ended_at, away_until))))
                                 from absence where household_id = home.id), '{}') as away,
               month * case when exists (select from home_watch where household_id = home.id)
                            then coalesce((select range_agg(tstzrange(from_at, greatest(from_at, coalesce(until_at, ${at}))))
                                           from unwatched_span where household_id = home.id), '{}')
                            else month end as unwatched
        from home where not isempty(month)
      ), share as (
        select code, month, away, unwatched - away as unwatched, month - away - unwatched as watched from part
      )
      select code, sums.*
      from share cross join lateral (
        select coalesce((select extract(epoch from sum(upper(r) - lower(r))) from unnest(month) r), 0)::float8 as "monthS",
               coalesce((select extract(epoch from sum(upper(r) - lower(r))) from unnest(watched) r), 0)::float8
                 as "watchedS",
               coalesce((select extract(epoch from sum(upper(r) - lower(r))) from unnest(away) r), 0)::float8 as "awayS",
               coalesce((select extract(epoch from sum(upper(r) - lower(r))) from unnest(unwatched) r), 0)::float8
                 as "unwatchedS"
      ) sums
      order by code
    `,
  );
}

const dueRow = z.object({ householdId: z.number(), unwatchedSince: z.date() });

/** A home that nobody can watch and nobody was asked to look at yet. */
export type HomeToLookAt = z.output<typeof dueRow>;

/**
 * Homes that have been unwatched for as long as their tier bears, the highest tier first. Homes whose people are away are
 * left out, and such as were never heard of: they have no meter yet.
 */
export function homesToLookAt(
  db: Db,
  { at, afterHours, limit }: { readonly at: Date; readonly afterHours: readonly number[]; readonly limit: number },
): Promise<HomeToLookAt[]> {
  return many(
    db,
    dueRow,
    sql`
      select household.id as "householdId", unwatched_since as "unwatchedSince"
      from home_watch join household on household.id = home_watch.household_id
      where unwatched_since <= ${at}::timestamptz - (${afterHours}::float8[])[tier] * interval '1 hour'
        and exists (select from meter_binding
                    join register_reading on register_reading.meter_id = meter_binding.meter_id and read_at >= bound_from
                    where meter_binding.household_id = household.id)
        and monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
        and not exists (select from absence where absence.household_id = household.id
                        and away_from <= ${at} and coalesce(ended_at, away_until) > ${at})
        and not exists (select from notice where notice.household_id = household.id and kind = 'look_in'
                        and created_at >= unwatched_since)
      order by tier, unwatched_since, household.id limit ${limit}
    `,
  );
}

const openRow = z.object({ noticeId: z.number(), householdId: z.number() });

/** Requests of before `askedBefore` to look at a home that nothing came of: the desk has not been told yet. */
export function lookInsToPassOn(db: Db, askedBefore: Date): Promise<z.output<typeof openRow>[]> {
  return many(
    db,
    openRow,
    sql`
      select id as "noticeId", household_id as "householdId" from notice
      where kind = 'look_in' and over_at is null and created_at <= ${askedBefore}
        and not exists (select from outbox where notice_id = notice.id and step = 1)
      order by id
    `,
  );
}

/** Ends the requests for homes that can be watched again: texts that still wait are not sent. */
export function endLookIns(db: Db, at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update notice set over_at = ${at}
      where kind = 'look_in' and over_at is null
        and not exists (select from home_watch where home_watch.household_id = notice.household_id
                        and unwatched_since <= notice.created_at)
    `,
  );
}

/** How many people were asked to look at a home since a time. */
export async function lookInsSince(db: Db, since: Date): Promise<number> {
  const [row] = await many(
    db,
    z.object({ count: z.number() }),
    sql`select count(*) as count from notice where kind = 'look_in' and created_at > ${since}`,
  );
  return row?.count ?? 0;
}

const unwatchedRow = z.object({
  code: z.string(),
  tier: z.number(),
  unwatchedSince: z.date(),
  lastReadAt: z.date().nullable(),
  askedAt: z.date().nullable(),
});

/** A home nobody can watch now, and when somebody was asked to look. */
export type UnwatchedHome = z.output<typeof unwatchedRow>;

export function unwatchedHomes(db: Db, at: Date, limit: number): Promise<UnwatchedHome[]> {
  return many(
    db,
    unwatchedRow,
    sql`
      select household.code, tier, unwatched_since as "unwatchedSince", newest.read_at as "lastReadAt",
             (select max(created_at) from notice where notice.household_id = household.id and kind = 'look_in'
              and created_at >= unwatched_since) as "askedAt"
      from home_watch join household on household.id = home_watch.household_id
      left join lateral (
        select max(found.read_at) as read_at
        from meter_binding cross join lateral (
          select read_at from register_reading
          where meter_id = meter_binding.meter_id and read_at >= bound_from
            and read_at < coalesce(bound_until, 'infinity')
          order by read_at desc limit 1
        ) found
        where meter_binding.household_id = household.id
      ) newest on true
      where unwatched_since is not null and monitored_from <= ${at}
        and (monitored_until is null or monitored_until > ${at})
      order by tier, unwatched_since, code limit ${limit}
    `,
  );
}

/** Somebody has looked at a home: the request for it is over. Returns how many were. */
export function endLookInsOf(tx: Db, householdId: number, at: Date): Promise<number> {
  return execute(
    tx,
    sql`
      update notice set over_at = ${at}
      where kind = 'look_in' and over_at is null and household_id = ${householdId}
    `,
  );
}
