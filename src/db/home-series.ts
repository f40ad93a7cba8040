import { z } from 'zod';
import { type BinaryRow, dateField, float8sField, int8Field, manyInBinary, orNull } from './binary-rows.ts';
import { type Db, many, sql } from './sql.ts';

const homeRow = z.object({
  householdId: z.number(),
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  timeZone: z.string(),
  /** The codes of its community and of the town and city above it, the nearest first. */
  communities: z.array(z.string()),
  lastUseAt: z.date().nullable(),
});
export type HomeRow = z.output<typeof homeRow>;

/** The homes among these that are under watch at `at`, with the last use that an earlier judgement saw. */
export function watchedHomes(db: Db, householdIds: readonly number[], at: Date): Promise<HomeRow[]> {
  return many(
    db,
    homeRow,
    sql`
      select household.id as "householdId", tier, time_zone as "timeZone", last_use_at as "lastUseAt",
             array_remove(array[own.code, town.code, city.code], null) as communities
      from household
      join community own on own.id = household.community_id
      left join community town on town.id = own.parent_id
      left join community city on city.id = town.parent_id
      left join home_watch on home_watch.household_id = household.id
      where household.id = any (${householdIds}) and monitored_from <= ${at}
        and (monitored_until is null or monitored_until > ${at})
      order by household.id
    `,
  );
}

const excuseRow = z.object({
  householdId: z.number(),
  kind: z.enum(['absence', 'check']),
  fromAt: z.date(),
  untilAt: z.date(),
});
export type ExcuseRow = z.output<typeof excuseRow>;

export interface SeriesRequest {
  readonly householdId: number;
  /** Nothing that was over before this time is wanted. */
  readonly since: Date;
  /** Nothing that began after this time is wanted; all is when it is left out. */
  readonly until?: Date;
}

/**
 * What explains little water at these homes: absences as long as they lasted or are to last, and home checks that found
 * that all was well, at their moment.
 */
export function excusesOf(db: Db, requests: readonly SeriesRequest[]): Promise<ExcuseRow[]> {
  const householdIds = requests.map(({ householdId }) => householdId);
  const since = requests.map((request) => request.since);
  return many(
    db,
    excuseRow,
    sql`
      with request as (
        select * from unnest(${householdIds}::bigint[], ${since}::timestamptz[]) as request (household_id, since)
      )
      select household_id as "householdId", 'absence' as kind, away_from as "fromAt",
             coalesce(ended_at, away_until) as "untilAt"
      from absence join request using (household_id)
      where away_until >= since and coalesce(ended_at, away_until) >= since
      union all
      select household_id, 'check', closed_at, closed_at
      from alert join request using (household_id)
      where state = 'closed' and closed_at >= since and close_outcome in ('safe', 'false_alarm', 'away')
    `,
  );
}

const meterRow = z.object({
  householdId: z.number(),
  meterId: z.number(),
  nominalIntervalS: z.number(),
  registerCapacityL: z.number().nullable(),
  boundFrom: z.date(),
  boundUntil: z.date().nullable(),
  lastReceivedAt: z.date().nullable(),
  /** How long it usually leaves between two arrivals, in seconds, and when that was learned; null where it was not. */
  periodS: z.number().nullable(),
  periodLearnedAt: z.date().nullable(),
  // Long arrays, written by our own statement: looking at each number again would cost more than the query.
  readAtMs: z.custom<readonly number[]>(Array.isArray),
  indexL: z.custom<readonly number[]>(Array.isArray),
});

/** A meter while it was bound to a home, with its readings of that time. */
export type MeterReadings = z.output<typeof meterRow>;

/**
 * The readings of each meter of these homes, each within the time it was bound there and not after `until`: those from
 * the home's time on, and the one before, so that a gap that reaches back beyond that time is seen whole; up to the home's
 * own `until`, and the one after.
 *
 * Where one time was reported with two values, both come: the domain takes the smaller, whichever was stored first.
 */
export function readMeterSeries(db: Db, requests: readonly SeriesRequest[], until: Date): Promise<MeterReadings[]> {
  return manyInBinary(
    db,
    meterRow,
    meterFields,
    sql`
      select meter_binding.household_id as "householdId", meter.id as "meterId",
             meter.nominal_interval_s::int8 as "nominalIntervalS", meter.register_capacity_l as "registerCapacityL",
             meter_binding.bound_from as "boundFrom", meter_binding.bound_until as "boundUntil",
             newest.received_at as "lastReceivedAt",
             meter_period.period_s::int8 as "periodS", meter_period.learned_at as "periodLearnedAt",
             coalesce(series.read_at_ms, '{}') as "readAtMs", coalesce(series.index_l, '{}') as "indexL"
      from unnest(${requests.map(({ householdId }) => householdId)}::bigint[],
                  ${requests.map(({ since }) => since)}::timestamptz[],
                  ${requests.map((request) => request.until ?? until)}::timestamptz[]) as request (household_id, since, until)
      join meter_binding on meter_binding.household_id = request.household_id and meter_binding.bound_from <= ${until}
        and (meter_binding.bound_until is null or meter_binding.bound_until > request.since)
      join meter on meter.id = meter_binding.meter_id
      left join meter_period on meter_period.meter_id = meter.id
      left join lateral (
        select read_at from register_reading
        where meter_id = meter.id and read_at >= meter_binding.bound_from and read_at < request.since
        order by read_at desc limit 1
      ) before on true
      left join lateral (
        select read_at from register_reading
        where meter_id = meter.id and request.until < ${until} and read_at > request.until
        order by read_at limit 1
      ) after on true
      left join lateral (
        -- In the order of the rows beneath. float8 is exact enough for milliseconds and for litres, and every driver knows it.
        select array_agg(round(date_part('epoch', read_at) * 1000)) as read_at_ms, array_agg(index_l::float8) as index_l
        from (
          select read_at, index_l from register_reading
          where meter_id = meter.id and read_at >= coalesce(before.read_at, greatest(request.since, meter_binding.bound_from))
            and read_at < coalesce(meter_binding.bound_until, 'infinity') and read_at <= least(${until}, after.read_at)
          union all
          select read_at, index_l from reading_conflict
          where meter_id = meter.id and read_at >= coalesce(before.read_at, greatest(request.since, meter_binding.bound_from))
            and read_at < coalesce(meter_binding.bound_until, 'infinity') and read_at <= least(${until}, after.read_at)
          order by read_at
        ) reading
      ) series on true
      left join lateral (
        select received_at from register_reading
        where meter_id = meter.id and read_at >= meter_binding.bound_from
          and read_at < coalesce(meter_binding.bound_until, 'infinity')
        order by read_at desc limit 1
      ) newest on true
      order by 1, 2
    `,
  );
}

function meterFields([
  householdId,
  meterId,
  nominalIntervalS,
  registerCapacityL,
  boundFrom,
  boundUntil,
  lastReceivedAt,
  periodS,
  periodLearnedAt,
  readAtMs,
  indexL,
]: BinaryRow): MeterReadings {
  return {
    householdId: int8Field(householdId),
    meterId: int8Field(meterId),
    nominalIntervalS: int8Field(nominalIntervalS),
    registerCapacityL: orNull(registerCapacityL, int8Field),
    boundFrom: dateField(boundFrom),
    boundUntil: orNull(boundUntil, dateField),
    lastReceivedAt: orNull(lastReceivedAt, dateField),
    periodS: orNull(periodS, int8Field),
    periodLearnedAt: orNull(periodLearnedAt, dateField),
    readAtMs: float8sField(readAtMs),
    indexL: float8sField(indexL),
  };
}
