import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';
import { type Written, written } from './written.ts';

export interface MeterToWrite {
  readonly serial: string;
  /** Undefined keeps what is known, here and below; an hour for a new meter. */
  readonly nominalIntervalS: number | undefined;
  readonly registerCapacityL: number | undefined;
}

/** Adds meters, and brings those that exist up to date. */
export function writeMeters(tx: Db, meters: readonly MeterToWrite[]): Promise<Written> {
  return written(
    tx,
    sql`
      insert into meter as known (serial, nominal_interval_s, register_capacity_l)
      select given.serial, coalesce(given."nominalIntervalS", standing.nominal_interval_s, 3600),
             coalesce(given."registerCapacityL", standing.register_capacity_l)
      from json_to_recordset(${JSON.stringify(meters)})
           as given (serial text, "nominalIntervalS" integer, "registerCapacityL" bigint)
      left join meter standing on standing.serial = given.serial
      on conflict (serial) do update
      set nominal_interval_s = excluded.nominal_interval_s, register_capacity_l = excluded.register_capacity_l
      where (known.nominal_interval_s, known.register_capacity_l)
            is distinct from (excluded.nominal_interval_s, excluded.register_capacity_l)
      returning serial as key, xmax = 0 as added
    `,
  );
}

export interface MeterAtHome {
  readonly serial: string;
  /** The home's code. */
  readonly household: string;
}

/**
 * Ends at `at` the bindings of homes that get another meter. A binding that was only to begin later is deleted: it
 * never measured anything.
 */
export async function endReplacedBindings(tx: Db, meters: readonly MeterAtHome[], at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      with standing as materialized (
        select meter_binding.id, household_id, bound_from, meter.serial, given.serial as wanted
        from json_to_recordset(${JSON.stringify(meters)}) as given (serial text, household text)
        join household on household.code = given.household
        join meter_binding on meter_binding.household_id = household.id
        join meter on meter.id = meter_binding.meter_id
        where bound_until is null or bound_until > ${at}
      ), replaced as materialized (
        select id, bound_from from standing
        where not exists (select from standing same where same.household_id = standing.household_id
                                                      and same.serial = same.wanted)
      ), never_begun as (
        delete from meter_binding using replaced where meter_binding.id = replaced.id and replaced.bound_from >= ${at}
      )
      update meter_binding set bound_until = ${at}
      from replaced where meter_binding.id = replaced.id and replaced.bound_from < ${at}
    `,
  );
}

const keyRow = z.object({ key: z.string() });

/**
 * Binds each meter to its home, unless it is there already: from the beginning of the watch, but not from before the
 * meter left its last home or the home lost its last meter. Returns the codes of the homes that got one.
 */
export async function bindMeters(tx: Db, meters: readonly MeterAtHome[], at: Date): Promise<string[]> {
  const rows = await many(
    tx,
    keyRow,
    sql`
      with bound as (
        insert into meter_binding (meter_id, household_id, bound_from)
        select meter.id, household.id, greatest(household.monitored_from, former.ended_at)
        from json_to_recordset(${JSON.stringify(meters)}) as given (serial text, household text)
        join meter on meter.serial = given.serial
        join household on household.code = given.household
        cross join lateral (
          select max(bound_until) as ended_at from meter_binding
          where meter_id = meter.id or household_id = household.id
        ) former
        where not exists (
          select from meter_binding
          where meter_id = meter.id and household_id = household.id and (bound_until is null or bound_until > ${at})
        )
        returning household_id
      )
      select code as key from bound join household on household.id = bound.household_id
    `,
  );
  return rows.map(({ key }) => key);
}
