import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

/**
 * What can be found wrong: a step that will never come, one that nobody took, texts nobody sends, a job nobody wakes, a
 * receipt that never came.
 */
export type RepairKind = 'step_lost' | 'step_overdue' | 'lease_expired' | 'job_lost' | 'receipt_lost';

/** Counts that something was found wrong and put right. */
export async function countRepair(db: Db, kind: RepairKind, times: number, at: Date): Promise<void> {
  await execute(
    db,
    sql`
      insert into repair as known (kind, times, last_at) values (${kind}, ${times}, ${at})
      on conflict (kind) do update set times = known.times + excluded.times, last_at = excluded.last_at
    `,
  );
}

const idRow = z.object({ id: z.number() });

export interface LostSteps {
  readonly at: Date;
  /** No step may be due later than this. */
  readonly horizon: Date;
  /** An alert that was opened before this must have asked somebody, or said that there is nobody. */
  readonly mustHaveAskedBy: Date;
}

/** Makes the next step of alerts due now that would otherwise never ask anybody. Returns which. */
export async function bringBackLostSteps(db: Db, { at, horizon, mustHaveAskedBy }: LostSteps): Promise<number[]> {
  const rows = await many(
    db,
    idRow,
    sql`
      update alert set next_step_at = ${at}
      where state <> 'closed' and next_step_at > ${at}
        and (next_step_at > ${horizon}
             or (opened_at < ${mustHaveAskedBy}
                 and not exists (select from outbox where outbox.alert_id = alert.id)
                 and not exists (select from alert_event
                                 where alert_event.alert_id = alert.id and type = 'nobody_to_ask')))
      returning id
    `,
  );
  return rows.map(({ id }) => id);
}

/** Texts whose sender let its lease run out before `before` and that nobody has taken since: they are due now. */
export function freeExpiredLeases(db: Db, before: Date, at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update outbox set state = 'waiting', lease_until = null, not_before = ${at}
      where state = 'sending' and lease_until < ${before}
    `,
  );
}
