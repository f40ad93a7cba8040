import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

/** A fault of a meter, or of the pipes behind it, as it was seen now. */
export interface SeenFault {
  readonly meterId: number;
  readonly householdId: number;
  readonly kind: string;
  readonly figure: number;
}

const opened = z.object({ isNew: z.boolean() });

/** Opens a ticket for each fault; one that is open keeps its time, and is noted as seen again. Returns how many are new. */
export async function openFaultTickets(db: Db, faults: readonly SeenFault[], at: Date): Promise<number> {
  const rows = await many(
    db,
    opened,
    sql`
      insert into ticket (meter_id, household_id, kind, opened_at, evidence)
      select meter_id, household_id, kind, ${at}, jsonb_build_object('figure', figure, 'lastSeenAt', ${at}::timestamptz)
      from unnest(${faults.map(({ meterId }) => meterId)}::bigint[],
                  ${faults.map(({ householdId }) => householdId)}::bigint[],
                  ${faults.map(({ kind }) => kind)}::text[],
                  ${faults.map(({ figure }) => figure)}::integer[])
           as seen (meter_id, household_id, kind, figure)
      on conflict (meter_id, kind) where closed_at is null
      do update set evidence = excluded.evidence
      where (ticket.evidence ->> 'lastSeenAt')::timestamptz < ${at}::timestamptz - interval '6 hours'
      returning xmax = 0 as "isNew"
    `,
  );
  return rows.filter(({ isNew }) => isNew).length;
}

/** The same for what meters of these homes said of themselves within the last day: tampering, an empty battery, a leak. */
export async function openFlagTickets(db: Db, householdIds: readonly number[], at: Date): Promise<number> {
  const rows = await many(
    db,
    opened,
    sql`
      insert into ticket (meter_id, household_id, kind, opened_at, evidence)
      select meter_id, household_id, flag, ${at}, jsonb_build_object('saidByMeter', true, 'lastSeenAt', last_reported_at)
      from meter_flag join meter_binding using (meter_id)
      where household_id = any (${householdIds}) and (bound_until is null or bound_until > ${at})
        and flag in ('tamper', 'battery', 'leak')
        and last_reported_at > ${at}::timestamptz - interval '1 day' and last_reported_at <= ${at}
      on conflict (meter_id, kind) where closed_at is null
      do update set evidence = ticket.evidence || excluded.evidence
      where (ticket.evidence ->> 'lastSeenAt')::timestamptz < (excluded.evidence ->> 'lastSeenAt')::timestamptz - interval '6 hours'
      returning xmax = 0 as "isNew"
    `,
  );
  return rows.filter(({ isNew }) => isNew).length;
}

/** Closes what has not been seen at these homes for 14 days: a leak that comes and goes is one leak. */
export function closeQuietFaultTickets(db: Db, householdIds: readonly number[], at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update ticket set closed_at = ${at}
      where kind <> 'meter_silent' and closed_at is null and household_id = any (${householdIds})
        and (evidence ->> 'lastSeenAt')::timestamptz < ${at}::timestamptz - interval '14 days'
    `,
  );
}
