import { type Db, execute, many, sql } from './sql.ts';
import { z } from 'zod';

export interface AlertEventRow {
  readonly alertId: number;
  readonly at: Date;
  readonly type: string;
  readonly personId?: number | undefined;
  /** Figures and codes only: no phone, no name, no token, no text. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Adds many lines to the timelines of many alerts, in one statement. */
export async function recordAlertEvents(db: Db, events: readonly AlertEventRow[]): Promise<void> {
  if (events.length === 0) return;
  await execute(
    db,
    sql`
      insert into alert_event (alert_id, at, type, person_id, detail)
      select * from unnest(${events.map(({ alertId }) => alertId)}::bigint[], ${events.map(({ at }) => at)}::timestamptz[],
                           ${events.map(({ type }) => type)}::text[],
                           ${events.map(({ personId }) => personId ?? null)}::bigint[],
                           ${events.map(({ detail }) => JSON.stringify(detail ?? {}))}::jsonb[])
    `,
  );
}

/** Adds a line to an alert's timeline. Run it in the transaction that made the change. */
export function recordAlertEvent(db: Db, event: AlertEventRow): Promise<void> {
  return recordAlertEvents(db, [event]);
}

const timelineRow = z.object({
  at: z.date(),
  type: z.string(),
  personId: z.number().nullable(),
  personName: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.output<typeof timelineRow>;

/** The whole timeline of an alert, oldest first. */
export function timelineOf(db: Db, alertId: number): Promise<TimelineEntry[]> {
  return many(
    db,
    timelineRow,
    sql`
      select alert_event.at, alert_event.type, alert_event.person_id as "personId", person.name as "personName",
             alert_event.detail
      from alert_event
      left join person on person.id = alert_event.person_id
      where alert_event.alert_id = ${alertId}
      order by alert_event.id
    `,
  );
}
