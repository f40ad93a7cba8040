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

/** Closes the tickets of meters that are heard again. */
export async function closeSilentMeterTickets(db: Db, heardMeterIds: readonly number[], at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update ticket set closed_at = ${at}
      where meter_id = any (${heardMeterIds}) and kind = 'meter_silent' and closed_at is null
    `,
  );
}
