import { type Db, execute, sql } from './sql.ts';

export interface SilentMeter {
  readonly meterId: number;
  readonly householdId: number;
  readonly lastHeardAt: Date;
}

/** Opens a ticket for each meter that has fallen silent; one that has an open ticket keeps it. */
export async function openSilentMeterTickets(db: Db, silent: readonly SilentMeter[], at: Date): Promise<number> {
  return execute(
    db,
    sql`
      insert into ticket (meter_id, household_id, kind, opened_at, evidence)
      select meter_id, household_id, 'meter_silent', ${at}, jsonb_build_object('lastHeardAt', last_heard_at)
      from unnest(${silent.map(({ meterId }) => meterId)}::bigint[],
                  ${silent.map(({ householdId }) => householdId)}::bigint[],
                  ${silent.map(({ lastHeardAt }) => lastHeardAt)}::timestamptz[])
           as silent (meter_id, household_id, last_heard_at)
      on conflict (meter_id, kind) where closed_at is null do nothing
    `,
  );
}

/** Closes the tickets of meters that are heard again, and those of meters that were taken out of these homes. */
export function closeSilentMeterTickets(
  db: Db,
  { heardMeterIds, householdIds }: { heardMeterIds: readonly number[]; householdIds: readonly number[] },
  at: Date,
): Promise<number> {
  return execute(
    db,
    sql`
      update ticket set closed_at = ${at}
      where kind = 'meter_silent' and closed_at is null
        and (meter_id = any (${heardMeterIds})
             or household_id = any (${householdIds})
                and not exists (select from meter_binding
                                where meter_binding.meter_id = ticket.meter_id
                                  and meter_binding.household_id = ticket.household_id
                                  and (bound_until is null or bound_until > ${at})))
    `,
  );
}
