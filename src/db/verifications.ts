import { z } from 'zod';
import { type Cause, type Method, type Outcome, OUTCOMES } from '../domain/alerting/outcome.ts';
import { type Db, execute, many, one, sql } from './sql.ts';

export interface Verification {
  readonly alertId: number;
  readonly personId: number;
  readonly outcome: Outcome;
  /** May be left out of a call for help, which nothing may delay. */
  readonly method: Method | undefined;
  readonly cause: Cause | undefined;
  readonly awayUntil: Date | undefined;
  readonly note: string;
}

/** Keeps an answer. Every one is kept, also those that change nothing; one that `corrects` another takes its place. */
export async function insertVerification(
  tx: Db,
  answer: Verification & { readonly corrects?: number | undefined },
  at: Date,
): Promise<void> {
  await execute(
    tx,
    sql`
      insert into verification (alert_id, person_id, outcome, method, cause, away_until, note, answered_at,
                                corrects)
      values (${answer.alertId}, ${answer.personId}, ${answer.outcome}, ${answer.method ?? null}, ${answer.cause ?? null},
              ${answer.awayUntil ?? null}, ${answer.note}, ${at}, ${answer.corrects ?? null})
    `,
  );
}

/** Whether the person was asked as desk or supervisor, or is the one who reported the emergency. */
export async function mayEndEmergency(tx: Db, alertId: number, personId: number): Promise<boolean> {
  const { may } = await one(
    tx,
    z.object({ may: z.boolean() }),
    sql`
      select exists (select from outbox where alert_id = ${alertId} and person_id = ${personId}
                     and role in ('desk', 'supervisor'))
          or coalesce((select person_id = ${personId} from verification
                       where alert_id = ${alertId} and outcome = 'needs_help'
                         and not exists (select from verification as later where later.corrects = verification.id)
                       order by id desc limit 1), false) as may
    `,
  );
  return may;
}

const versionRow = z.object({ id: z.number(), outcome: z.enum(OUTCOMES), answeredAt: z.date() });

/** One version of an answer. */
export type AnswerVersion = z.output<typeof versionRow>;

/** The versions of somebody's last answer to an alert, the first one first; none when they have not answered. */
export function versionsOfAnswer(db: Db, alertId: number, personId: number): Promise<AnswerVersion[]> {
  return many(
    db,
    versionRow,
    sql`
      with recursive version as (
        (select id, outcome, answered_at, corrects from verification
         where alert_id = ${alertId} and person_id = ${personId} order by id desc limit 1)
        union all
        select earlier.id, earlier.outcome, earlier.answered_at, earlier.corrects
        from verification as earlier join version on version.corrects = earlier.id
      )
      select id, outcome, answered_at as "answeredAt" from version order by id
    `,
  );
}

/** Whether somebody else has called for help at this alert and has not taken it back. */
export async function helpCalledByOthers(db: Db, alertId: number, personId: number): Promise<boolean> {
  const { called } = await one(
    db,
    z.object({ called: z.boolean() }),
    sql`
      select exists (
        select from verification
        where alert_id = ${alertId} and person_id <> ${personId} and outcome = 'needs_help'
          and not exists (select from verification as later where later.corrects = verification.id)
      ) as called
    `,
  );
  return called;
}
