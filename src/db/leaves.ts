import { z } from 'zod';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
import { type Db, many, one, sql } from './sql.ts';

const leaveRow = z.object({ personId: z.number(), substituteId: z.number().nullable() });

/** Everybody who is away at `at`, each once: of several entries the one that began last. */
export function leavesAt(db: Db, at: Date): Promise<z.output<typeof leaveRow>[]> {
  return many(
    db,
    leaveRow,
    sql`
      select distinct on (person_id) person_id as "personId", substitute_id as "substituteId"
      from leave where away_from <= ${at} and away_until > ${at}
      order by person_id, away_from desc, id desc
    `,
  );
}

const askedRow = z.object({ alertId: z.number(), personId: z.number(), role: z.enum(ROLES) });

/** Who was asked about an alert that is not closed and is away at `at`, each in their first capacity. */
export function askedAndAway(db: Db, at: Date): Promise<z.output<typeof askedRow>[]> {
  return many(
    db,
    askedRow,
    sql`
      select distinct on (outbox.alert_id, outbox.person_id) outbox.alert_id as "alertId",
             outbox.person_id as "personId", outbox.role
      from alert
      join outbox on outbox.alert_id = alert.id and outbox.intent in ('check_request', 'emergency', 'check_again')
      join leave on leave.person_id = outbox.person_id and leave.away_from <= ${at} and leave.away_until > ${at}
      where alert.state <> 'closed'
      order by outbox.alert_id, outbox.person_id, outbox.id
    `,
  );
}

/** Whether somebody has been asked about an alert already. */
export async function wasAsked(db: Db, alertId: number, personId: number): Promise<boolean> {
  const { asked } = await one(
    db,
    z.object({ asked: z.boolean() }),
    sql`
      select exists (select from outbox where alert_id = ${alertId} and person_id = ${personId}
                     and intent in ('check_request', 'emergency', 'check_again')) as asked
    `,
  );
  return asked;
}

/** Everybody who has been asked about each of some alerts. Every alert has an entry. */
export async function askedAbout(
  db: Db,
  alertIds: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  const rows = await many(
    db,
    z.object({ alertId: z.number(), personId: z.number() }),
    sql`
      select distinct alert_id as "alertId", person_id as "personId" from outbox
      where alert_id = any (${alertIds}) and intent in ('check_request', 'emergency', 'check_again')
    `,
  );
  const asked = new Map<number, Set<number>>(alertIds.map((id) => [id, new Set()]));
  for (const { alertId, personId } of rows) asked.get(alertId)?.add(personId);
  return asked;
}

/** The zones in which the clocks of some homes run. */
export async function timeZonesOf(db: Db, householdIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const row = z.object({ id: z.number(), timeZone: z.string() });
  const found = await many(
    db,
    row,
    sql`select id, time_zone as "timeZone" from household where id = any (${householdIds})`,
  );
  return new Map(found.map(({ id, timeZone }) => [id, timeZone]));
}
