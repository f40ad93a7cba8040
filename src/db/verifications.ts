import { z } from 'zod';
import type { Cause, Method, Outcome } from '../domain/alerting/outcome.ts';
import { type Db, execute, one, sql } from './sql.ts';

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

/** Keeps an answer. Every one is kept, also those that change nothing. */
export async function insertVerification(tx: Db, answer: Verification, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into verification (alert_id, person_id, outcome, method, cause, away_until, note, answered_at)
      values (${answer.alertId}, ${answer.personId}, ${answer.outcome}, ${answer.method ?? null}, ${answer.cause ?? null},
              ${answer.awayUntil ?? null}, ${answer.note}, ${at})
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
                       where alert_id = ${alertId} and outcome = 'needs_help' order by id desc limit 1), false) as may
    `,
  );
  return may;
}
