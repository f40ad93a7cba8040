import { z } from 'zod';
import { evidenceColumn } from './evidence.ts';
import { type Db, many, one, sql } from './sql.ts';

const outcomeRow = z.object({
  alertId: z.number(),
  homeCode: z.string(),
  detectors: z.array(z.string()),
  evidence: evidenceColumn,
  openedAt: z.date(),
  state: z.string(),
  closeOutcome: z.string().nullable(),
  textsSent: z.number(),
  answers: z.number(),
  standDownsOwed: z.number(),
  standDownsSent: z.number(),
});

/** What became of one alert: its findings' detectors, and the texts and answers it led to. */
export type AlertOutcome = z.output<typeof outcomeRow>;

/** Every alert there is, oldest first. Meant for a demonstration's or a simulation's town, not for a city. */
export function alertOutcomes(db: Db): Promise<AlertOutcome[]> {
  return many(
    db,
    outcomeRow,
    sql`
      select alert.id as "alertId", household.code as "homeCode",
             (select array_agg(distinct detector order by detector) from finding where alert_id = alert.id) as detectors,
             alert.evidence, alert.opened_at as "openedAt", alert.state, alert.close_outcome as "closeOutcome",
             (select count(*) from outbox
              where alert_id = alert.id and intent <> 'stand_down' and state = 'sent') as "textsSent",
             (select count(*) from verification where alert_id = alert.id) as answers,
             (select count(distinct person_id) from outbox
              where alert_id = alert.id and intent <> 'stand_down' and state = 'sent') as "standDownsOwed",
             (select count(*) from outbox
              where alert_id = alert.id and intent = 'stand_down' and state = 'sent') as "standDownsSent"
      from alert join household on household.id = alert.household_id
      order by alert.id
    `,
  );
}

const ticketRow = z.object({
  homeCode: z.string().nullable(),
  kind: z.string(),
  openedAt: z.date(),
  isOpen: z.boolean(),
});
export type TicketOutcome = z.output<typeof ticketRow>;

/** Every device ticket there is, oldest first. */
export function ticketOutcomes(db: Db): Promise<TicketOutcome[]> {
  return many(
    db,
    ticketRow,
    sql`
      select household.code as "homeCode", ticket.kind, ticket.opened_at as "openedAt",
             ticket.closed_at is null as "isOpen"
      from ticket left join household on household.id = ticket.household_id
      order by ticket.id
    `,
  );
}

const countsRow = z.object({ readings: z.number(), conflicts: z.number(), quarantined: z.number() });

/** How many readings are stored, and what was not taken. */
export function readingCounts(db: Db): Promise<z.output<typeof countsRow>> {
  return one(
    db,
    countsRow,
    sql`
      select (select count(*) from register_reading) as readings, (select count(*) from reading_conflict) as conflicts,
             (select count(*) from quarantined_message) as quarantined
    `,
  );
}

/** How many texts have been handed to a gateway. */
export async function countSentTexts(db: Db): Promise<number> {
  const { count } = await one(
    db,
    z.object({ count: z.number() }),
    sql`select count(*) from outbox where state = 'sent'`,
  );
  return count;
}

/** Every home's number by its code. */
export async function householdIdsByCode(db: Db): Promise<ReadonlyMap<string, number>> {
  const row = z.object({ id: z.number(), code: z.string() });
  const rows = await many(db, row, sql`select id, code from household`);
  return new Map(rows.map(({ id, code }) => [code, id]));
}
