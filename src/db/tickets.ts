import { z } from 'zod';
import { TICKET_KINDS, type TicketKind } from '../domain/metering/ticket.ts';
import { absent } from './absent.ts';
import { type Db, execute, many, sql, type Tx } from './sql.ts';

export interface SilentMeter {
  readonly meterId: number;
  readonly householdId: number;
  readonly lastHeardAt: Date;
  /** How many hours it usually leaves between two uploads; undefined where that is not known. */
  readonly usualHours: number | undefined;
}

/**
 * Opens a ticket for each meter that has fallen silent; one that has an open ticket keeps it. What a person closed within 14
 * days stays closed while the same silence lasts, and the meters of an outage are told as that one.
 */
export async function openSilentMeterTickets(db: Db, silent: readonly SilentMeter[], at: Date): Promise<number> {
  return execute(
    db,
    sql`
      insert into ticket (meter_id, household_id, kind, opened_at, evidence)
      select meter_id, household_id, 'meter_silent', ${at},
             jsonb_strip_nulls(jsonb_build_object('lastHeardMs', (extract(epoch from last_heard_at) * 1000)::int8,
                                                  'usualHours', usual_hours))
      from unnest(${silent.map(({ meterId }) => meterId)}::bigint[],
                  ${silent.map(({ householdId }) => householdId)}::bigint[],
                  ${silent.map(({ lastHeardAt }) => lastHeardAt)}::timestamptz[],
                  ${silent.map(({ usualHours }) => usualHours ?? null)}::float8[])
           as silent (meter_id, household_id, last_heard_at, usual_hours)
      where not exists (select from ticket
                        where ticket.meter_id = silent.meter_id and kind = 'meter_silent' and closed_by is not null
                          and closed_at >= last_heard_at and closed_at > ${at}::timestamptz - interval '14 days')
        and not exists (
          select from outage, household join community on community.id = household.community_id, meter
          where household.id = silent.household_id and meter.id = silent.meter_id
            and outage.cause in ('silent', 'feed') and outage.ended_at is null
            and case scope_kind when 'everywhere' then true when 'community' then scope = community.code
                                when 'gateway' then scope = meter.gateway else scope = meter.dma end
        )
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

const time = z.coerce
  .date()
  .nullish()
  .transform((at) => at ?? undefined);
const figure = z.number().optional();
/** What is stored of a ticket's figures; what older versions wrote besides is passed over. */
const evidence = z
  .object({
    figure,
    sinceMs: figure,
    hours: figure,
    litres: figure,
    stepLitres: figure,
    indexLitres: figure,
    asOfMs: figure,
    lastHeardMs: figure,
    usualHours: figure,
    saidByMeter: z.boolean().optional(),
    reopened: figure,
    lastSeenAt: time,
    lastHeardAt: time,
  })
  .transform(({ lastHeardAt, ...known }) => ({ ...known, lastHeardMs: known.lastHeardMs ?? lastHeardAt?.getTime() }));

const ticketRow = z.object({
  id: z.number(),
  kind: z.enum(TICKET_KINDS),
  meter: z.string(),
  gateway: absent(z.string()),
  /** The home at which it was opened, and where its community stands. */
  home: absent(z.string()),
  community: absent(z.string()),
  timeZone: absent(z.string()),
  openedAt: z.date(),
  closedAt: absent(z.date()),
  closedBy: absent(z.string()),
  closeNote: z.string(),
  evidence,
});
export type Ticket = z.output<typeof ticketRow>;

export interface TicketsWanted {
  readonly kind?: TicketKind | undefined;
  /** The code of a home. */
  readonly home?: string | undefined;
  /** The number of one ticket. */
  readonly id?: number | undefined;
  readonly alsoClosed: boolean;
  readonly limit: number;
}

/** Tickets: the open ones first, of these the oldest, then the newest that are closed. */
export function listTickets(db: Db, { kind, home, id, alsoClosed, limit }: TicketsWanted): Promise<Ticket[]> {
  return many(
    db,
    ticketRow,
    sql`
      select ticket.id, kind, meter.serial as meter, meter.gateway, household.code as home, community.code as community,
             household.time_zone as "timeZone", opened_at as "openedAt", closed_at as "closedAt", closed_by as "closedBy",
             close_note as "closeNote", evidence
      from ticket
      join meter on meter.id = ticket.meter_id
      left join household on household.id = ticket.household_id
      left join community on community.id = household.community_id
      where (${alsoClosed} or closed_at is null)
        and (${kind ?? null}::text is null or kind = ${kind ?? null})
        and (${home ?? null}::text is null or household.code = ${home ?? null})
        and (${id ?? null}::bigint is null or ticket.id = ${id ?? null})
      order by closed_at is not null, case when closed_at is null then opened_at end, closed_at desc, ticket.id
      limit ${limit}
    `,
  );
}

/** A person closes a ticket. Returns false when it does not exist or was closed before. */
export async function closeTicket(
  tx: Tx,
  { id, by, note, at }: { readonly id: number; readonly by: string; readonly note: string; readonly at: Date },
): Promise<boolean> {
  const closed = await execute(
    tx,
    sql`
      update ticket set closed_at = ${at}, closed_by = ${by}, close_note = ${note}
      where id = ${id} and closed_at is null
    `,
  );
  return closed > 0;
}

const openRow = z.object({ kind: z.enum(TICKET_KINDS), count: z.number(), oldestAt: z.date() });

/** How many tickets of a kind are open, and since when the oldest. */
export type OpenTickets = z.output<typeof openRow>;

export function openTickets(db: Db): Promise<OpenTickets[]> {
  return many(
    db,
    openRow,
    sql`
      select kind, count(*) as count, min(opened_at) as "oldestAt" from ticket where closed_at is null
      group by kind order by count(*) desc, kind
    `,
  );
}
