import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

const meterRow = z.object({
  householdId: z.number(),
  meterId: z.number(),
  nominalIntervalS: z.number(),
  registerCapacityL: z.number().nullable(),
  boundFrom: z.date(),
  boundUntil: z.date().nullable(),
  /** The register reached before the first of the readings, where that stands below it. */
  floorL: z.number().nullable(),
  // Long arrays, written by our own statement: looking at each number again would cost more than the query.
  readAtMs: z.custom<readonly number[]>(Array.isArray),
  indexL: z.custom<readonly number[]>(Array.isArray),
});

/** A meter while it was bound to a home, with the readings that its days are added up from. */
export type MeterToRollUp = z.output<typeof meterRow>;

export interface RollUpRequest {
  readonly householdId: number;
  /** The beginning of the first local day that is wanted. */
  readonly since: Date;
}

/**
 * The readings of each meter of these homes, each within the time it was bound there: those from the wanted day on and
 * the last one before. Where one time was reported with two values both come, for the domain to choose.
 */
export function readingsToRollUp(db: Db, requests: readonly RollUpRequest[]): Promise<MeterToRollUp[]> {
  return many(
    db,
    meterRow,
    sql`
      select binding.household_id as "householdId", meter.id as "meterId",
             meter.nominal_interval_s as "nominalIntervalS", meter.register_capacity_l as "registerCapacityL",
             binding.bound_from as "boundFrom", binding.bound_until as "boundUntil", floor_l as "floorL",
             coalesce(series.read_at_ms, '[]') as "readAtMs", coalesce(series.index_l, '[]') as "indexL"
      from unnest(${requests.map(({ householdId }) => householdId)}::bigint[],
                  ${requests.map(({ since }) => since)}::timestamptz[]) as request (household_id, since)
      join meter_binding binding on binding.household_id = request.household_id
        and (binding.bound_until is null or binding.bound_until > request.since)
      join meter on meter.id = binding.meter_id
      left join lateral (
        select read_at from register_reading
        where meter_id = meter.id and read_at >= binding.bound_from and read_at < request.since
        order by read_at desc limit 1
      ) before on true
      left join register_floor floor on floor.meter_id = meter.id and floor.household_id = request.household_id
        and floor.read_at = before.read_at
      left join lateral (
        select json_agg((extract(epoch from read_at) * 1000)::int8 order by read_at) as read_at_ms,
               json_agg(index_l order by read_at) as index_l
        from (
          select read_at, index_l from register_reading
          where meter_id = meter.id
            and read_at >= coalesce(before.read_at, greatest(request.since, binding.bound_from))
            and read_at < coalesce(binding.bound_until, 'infinity')
          union all
          select read_at, index_l from reading_conflict
          where meter_id = meter.id
            and read_at >= coalesce(before.read_at, greatest(request.since, binding.bound_from))
            and read_at < coalesce(binding.bound_until, 'infinity')
        ) reading
      ) series on true
      order by 1, 2, 5
    `,
  );
}
