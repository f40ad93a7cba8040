import type { Role } from '../domain/alerting/escalation-policy.ts';
import { type Db, execute, sql } from './sql.ts';

/** What a text is for. `emergency` says that somebody was found in need of help; `stand_down` that it is over. */
export type Intent = 'check_request' | 'emergency' | 'stand_down';

export interface OwedText {
  readonly alertId: number;
  readonly intent: Intent;
  /** The escalation step that decided it. */
  readonly step: number;
  readonly personId: number;
  readonly role: Role;
}

/**
 * Owes a person a text. Must run in the transaction that decided it: both commit, or neither.
 *
 * Owing the same text twice is a no-op, so a step that is taken again after a crash texts nobody twice.
 */
export async function oweText(tx: Db, text: OwedText, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into outbox (alert_id, intent, step, person_id, role, requested_at, not_before)
      values (${text.alertId}, ${text.intent}, ${text.step}, ${text.personId}, ${text.role}, ${at}, ${at})
      on conflict (alert_id, intent, step, person_id, channel) do nothing
    `,
  );
}

/**
 * Owes one stand-down to everybody whose text about this alert has left, or may have. Texts still waiting are left to
 * the dispatcher, which mutes them now that the alert is closed. Returns how many are owed.
 */
export function oweStandDowns(tx: Db, alertId: number, step: number, at: Date): Promise<number> {
  return execute(
    tx,
    sql`
      insert into outbox (alert_id, intent, step, person_id, role, requested_at, not_before)
      select distinct on (person_id) alert_id, 'stand_down', ${step}::integer, person_id, role, ${at}::timestamptz,
             ${at}::timestamptz
      from outbox
      where alert_id = ${alertId} and state in ('sending', 'sent', 'unknown')
      order by person_id, id
      on conflict (alert_id, intent, step, person_id, channel) do nothing
    `,
  );
}
