import { z } from 'zod';
import { absent } from './absent.ts';
import {
  type Cause,
  CAUSES,
  type Method,
  METHODS,
  type Outcome,
  OUTCOMES,
  type Place,
} from '../domain/alerting/outcome.ts';
import { type Db, many, maybeOne, one, sql } from './sql.ts';

export interface Verification {
  readonly alertId: number;
  readonly personId: number;
  readonly outcome: Outcome;
  /** May be left out of a call for help, which nothing may delay. */
  readonly method: Method | undefined;
  readonly cause: Cause | undefined;
  readonly awayUntil: Date | undefined;
  readonly note: string;
  /** The link through which it was answered. */
  readonly linkId?: number | undefined;
  /** When they looked, where they say so: no later than they answer. */
  readonly checkedAt?: Date | undefined;
  readonly place?: Place | undefined;
}

/** Keeps an answer. Every one is kept, also those that change nothing; one that `corrects` another takes its place. Returns its number. */
export async function insertVerification(
  tx: Db,
  answer: Verification & { readonly corrects?: number | undefined },
  at: Date,
): Promise<number> {
  const { id } = await one(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into verification (alert_id, person_id, outcome, method, cause, away_until, note, answered_at,
                                corrects, link_id, checked_at, place)
      values (${answer.alertId}, ${answer.personId}, ${answer.outcome}, ${answer.method ?? null}, ${answer.cause ?? null},
              ${answer.awayUntil ?? null}, ${answer.note}, ${at}, ${answer.corrects ?? null},
              ${answer.linkId ?? null}, ${answer.checkedAt ?? null}, ${answer.place ?? null})
      returning id
    `,
  );
  return id;
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

const versionRow = z.object({
  id: z.number(),
  outcome: z.enum(OUTCOMES),
  cause: absent(z.enum(CAUSES)),
  awayUntil: absent(z.date()),
  answeredAt: z.date(),
});

/** One version of an answer. */
export type AnswerVersion = z.output<typeof versionRow>;

/** The versions of somebody's last answer to an alert, the first one first; none when they have not answered. */
export function versionsOfAnswer(db: Db, alertId: number, personId: number): Promise<AnswerVersion[]> {
  return many(
    db,
    versionRow,
    sql`
      with recursive version as (
        (select id, outcome, cause, away_until, answered_at, corrects from verification
         where alert_id = ${alertId} and person_id = ${personId} order by id desc limit 1)
        union all
        select earlier.id, earlier.outcome, earlier.cause, earlier.away_until, earlier.answered_at, earlier.corrects
        from verification as earlier join version on version.corrects = earlier.id
      )
      select id, outcome, cause, away_until as "awayUntil", answered_at as "answeredAt" from version order by id
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

const lastAnswerRow = z.object({
  outcome: z.enum(OUTCOMES),
  method: absent(z.enum(METHODS)),
  cause: absent(z.enum(CAUSES)),
  awayUntil: absent(z.date()),
  note: z.string(),
  answeredAt: z.date(),
  /** Whether nobody else has answered since. */
  isNewest: z.boolean(),
});

/** What somebody last answered to an alert; undefined when they have not. */
export function lastAnswerOf(
  db: Db,
  alertId: number,
  personId: number,
): Promise<z.output<typeof lastAnswerRow> | undefined> {
  return maybeOne(
    db,
    lastAnswerRow,
    sql`
      select outcome, method, cause, away_until as "awayUntil", note, answered_at as "answeredAt",
             not exists (select from verification as newer
                         where newer.alert_id = verification.alert_id and newer.id > verification.id) as "isNewest"
      from verification where alert_id = ${alertId} and person_id = ${personId}
      order by id desc limit 1
    `,
  );
}
