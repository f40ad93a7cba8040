import { z } from 'zod';
import { type Db, execute, many, maybeOne, sql, type Tx } from './sql.ts';

const meterRow = z.object({
  id: z.number(),
  serial: z.string(),
  nominalIntervalS: z.number(),
  registerCapacityL: z.number().nullable(),
});
export type MeterOnBooks = z.output<typeof meterRow>;

/** The meter of this serial; undefined where nobody registered it. */
export function findMeter(db: Db, serial: string): Promise<MeterOnBooks | undefined> {
  return maybeOne(
    db,
    meterRow,
    sql`
      select id, serial, nominal_interval_s as "nominalIntervalS", register_capacity_l as "registerCapacityL"
      from meter where serial = ${serial}
    `,
  );
}

const bindingRow = z.object({
  id: z.number(),
  householdId: z.number(),
  household: z.string(),
  boundFrom: z.date(),
  boundUntil: z.date().nullable(),
  firstIndexL: z.number().nullable(),
  finalIndexL: z.number().nullable(),
});

/** A time that a meter spent at a home, with what its dial showed when it came and went, where somebody read it. */
export type MeterBinding = z.output<typeof bindingRow>;

/** All homes at which a meter was, is or is going to be, in order of time. */
export function bindingsOf(db: Db, meterId: number): Promise<MeterBinding[]> {
  return many(
    db,
    bindingRow,
    sql`
      select meter_binding.id, household_id as "householdId", household.code as household, bound_from as "boundFrom",
             bound_until as "boundUntil", first_index_l as "firstIndexL", final_index_l as "finalIndexL"
      from meter_binding join household on household.id = household_id
      where meter_id = ${meterId}
      order by bound_from
    `,
  );
}

const idRow = z.object({ id: z.number() });

/** The id of the home of this code; undefined where there is none. */
export async function findHouseholdId(db: Db, code: string): Promise<number | undefined> {
  const found = await maybeOne(db, idRow, sql`select id from household where code = ${code}`);
  return found?.id;
}

export interface NewBinding {
  readonly meterId: number;
  readonly householdId: number;
  readonly from: Date;
  readonly until: Date | undefined;
  readonly firstIndexL: number | undefined;
}

/** Puts a meter at a home for a time. The database refuses it where the meter is elsewhere in that time. */
export async function insertBinding(tx: Tx, binding: NewBinding): Promise<void> {
  const { meterId, householdId, from, until, firstIndexL } = binding;
  await execute(
    tx,
    sql`
      insert into meter_binding (meter_id, household_id, bound_from, bound_until, first_index_l)
      values (${meterId}, ${householdId}, ${from}, ${until}, ${firstIndexL})
    `,
  );
}

/** Ends a binding at a time after its beginning. */
export async function endBinding(tx: Tx, id: number, at: Date, finalIndexL: number | undefined): Promise<void> {
  await execute(
    tx,
    sql`
      update meter_binding set bound_until = ${at}, final_index_l = coalesce(${finalIndexL}, final_index_l)
      where id = ${id}
    `,
  );
}

/** Takes back a binding as if it had never been. */
export async function deleteBinding(tx: Tx, id: number): Promise<void> {
  await execute(tx, sql`delete from meter_binding where id = ${id}`);
}
