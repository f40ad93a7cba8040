import { z } from 'zod';
import type { TicketEvidence, TicketKind } from '../domain/metering/ticket.ts';
import { type Db, execute, many, sql } from './sql.ts';

/** A fault of a meter, or of the pipes behind it, as it was seen now. */
export interface SeenFault {
  readonly meterId: number;
  readonly householdId: number;
  readonly kind: TicketKind;
  /** `sinceMs` is when the fault, or the last of its kind, began. */
  readonly evidence: TicketEvidence & { readonly sinceMs: number };
}

const opened = z.object({ isNew: z.boolean() });

/**
 * Opens a ticket for each fault; one that is open keeps its time, and is noted as seen again. A leak that had closed by
 * itself within 14 days is the same ticket, opened again. What a person closed within 14 days stays closed, unless the
 * fault began anew since. Returns how many are new.
 */
export async function openFaultTickets(db: Db, faults: readonly SeenFault[], at: Date): Promise<number> {
  const columns = [
    faults.map(({ meterId }) => meterId),
    faults.map(({ householdId }) => householdId),
    faults.map(({ kind }) => kind),
    faults.map(({ evidence }) => JSON.stringify(evidence)),
  ] as const;
  await execute(
    db,
    sql`
      update ticket
      set closed_at = null,
          evidence = (evidence - 'sinceMs' - 'lastSeenAt') || jsonb_build_object('reopened', coalesce((evidence ->> 'reopened')::int, 0) + 1)
      from unnest(${columns[0]}::bigint[], ${columns[2]}::text[]) as seen (meter_id, kind)
      where ticket.meter_id = seen.meter_id and ticket.kind = seen.kind and seen.kind = 'leak'
        and closed_at > ${at}::timestamptz - interval '14 days' and closed_by is null
        and not exists (select from ticket as later
                        where later.meter_id = ticket.meter_id and later.kind = ticket.kind and later.id > ticket.id)
    `,
  );
  const rows = await many(
    db,
    opened,
    sql`
      insert into ticket (meter_id, household_id, kind, opened_at, evidence)
      select meter_id, household_id, kind, ${at},
             evidence::jsonb || jsonb_build_object('lastSeenAt', ${at}::timestamptz)
      from unnest(${columns[0]}::bigint[], ${columns[1]}::bigint[], ${columns[2]}::text[], ${columns[3]}::text[])
           as seen (meter_id, household_id, kind, evidence)
      where not exists (
        select from ticket
        where ticket.meter_id = seen.meter_id and ticket.kind = seen.kind and closed_by is not null
          and closed_at > ${at}::timestamptz - interval '14 days'
          and closed_at >= to_timestamp((seen.evidence::jsonb ->> 'sinceMs')::float8 / 1000)
      )
      on conflict (meter_id, kind) where closed_at is null
      do update
      -- A leak is as old as it was: the readings at hand may no longer reach back to its beginning.
      set evidence = ticket.evidence || excluded.evidence
                     || case when ticket.kind = 'leak' and ticket.evidence ? 'sinceMs'
                             then jsonb_build_object('sinceMs', ticket.evidence -> 'sinceMs') else '{}' end
      where coalesce((ticket.evidence ->> 'lastSeenAt')::timestamptz, '-infinity')
            < ${at}::timestamptz - interval '6 hours'
      returning xmax = 0 as "isNew"
    `,
  );
  return rows.filter(({ isNew }) => isNew).length;
}

/**
 * The same for what meters of these homes said of themselves within the last 14 days: tampering, an empty battery, a leak. It
 * may have come days late, and a meter may say it once only.
 */
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
        and last_reported_at > ${at}::timestamptz - interval '14 days' and last_reported_at <= ${at}
        and not exists (select from ticket where ticket.meter_id = meter_flag.meter_id and kind = flag
                        and closed_by is not null and closed_at > ${at}::timestamptz - interval '14 days')
      on conflict (meter_id, kind) where closed_at is null
      do update set evidence = ticket.evidence || excluded.evidence
      where (ticket.evidence ->> 'lastSeenAt')::timestamptz < (excluded.evidence ->> 'lastSeenAt')::timestamptz - interval '6 hours'
      returning xmax = 0 as "isNew"
    `,
  );
  return rows.filter(({ isNew }) => isNew).length;
}

/** The meters of these homes behind which a leak was seen that may have ended since. */
export async function metersWithLeak(db: Db, householdIds: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await many(
    db,
    z.object({ meterId: z.number() }),
    sql`
      select meter_id as "meterId" from ticket
      where kind = 'leak' and closed_at is null and household_id = any (${householdIds}) and evidence ? 'sinceMs'
    `,
  );
  return new Set(rows.map(({ meterId }) => meterId));
}

/** When water last stood still behind a meter. */
export interface StoppedWater {
  readonly meterId: number;
  readonly stoppedMs: number;
}

/** Closes the leaks that had begun before water was seen to stand still; what the meter says of itself stands. */
export function closeEndedLeaks(db: Db, stops: readonly StoppedWater[], at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update ticket set closed_at = ${at}
      from unnest(${stops.map(({ meterId }) => meterId)}::bigint[], ${stops.map(({ stoppedMs }) => stoppedMs)}::float8[])
           as stop (meter_id, stopped_ms)
      where ticket.meter_id = stop.meter_id and kind = 'leak' and closed_at is null
        and (evidence ->> 'sinceMs')::float8 < stopped_ms and not evidence ? 'saidByMeter'
    `,
  );
}

/** Closes the tickets of registers that stood still and show something else by now. */
export function closeMovedRegisters(db: Db, at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update ticket set closed_at = ${at}
      where kind = 'stuck_at_zero' and closed_at is null
        and exists (select from register_reading
                    where register_reading.meter_id = ticket.meter_id and read_at <= ${at}
                      and read_at > to_timestamp((evidence ->> 'asOfMs')::float8 / 1000)
                      and index_l <> (evidence ->> 'indexLitres')::bigint)
    `,
  );
}

/** Closes what has not been seen at these homes for 14 days and does not close sooner by itself. */
export function closeQuietFaultTickets(db: Db, householdIds: readonly number[], at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update ticket set closed_at = ${at}
      where kind not in ('meter_silent', 'stuck_at_zero') and closed_at is null and household_id = any (${householdIds})
        and not (kind = 'leak' and evidence ? 'sinceMs' and not evidence ? 'saidByMeter')
        and (evidence ->> 'lastSeenAt')::timestamptz < ${at}::timestamptz - interval '14 days'
    `,
  );
}
