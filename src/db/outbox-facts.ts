import { z } from 'zod';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
import { INTENTS } from './outbox.ts';
import { type Db, many, sql } from './sql.ts';

const textRow = z.object({
  id: z.number(),
  /** Null for a text that belongs to no alert. */
  alertId: z.number().nullable(),
  personId: z.number(),
  role: z.enum(ROLES),
  intent: z.enum(INTENTS),
  step: z.number(),
  /** The text that was handed over: itself, or the one that spoke for it. */
  speaker: z.number(),
});

/** A text as the timeline of its alert speaks of it. */
export type TextOfAlert = z.output<typeof textRow>;

/**
 * That a gateway has a text is a fact, whoever holds the lease: it ends every doubt and every further attempt, for the
 * texts it spoke for as well. Returns those of which this was not known.
 */
export function markTextsSent(db: Db, ids: readonly number[], at: Date): Promise<TextOfAlert[]> {
  return many(
    db,
    textRow,
    sql`
      update outbox set state = 'sent', settled_at = ${at}, lease_until = null
      where (id = any (${ids}) or bundled_with = any (${ids})) and state in ('waiting', 'sending', 'unknown')
      returning id, alert_id as "alertId", person_id as "personId", role, intent, step,
                coalesce(bundled_with, id) as speaker
    `,
  );
}

/** A text that had left came to nothing, and so did those it spoke for. Returns those of which this was not known. */
export function markTextFailed(db: Db, id: number, at: Date): Promise<TextOfAlert[]> {
  return many(
    db,
    textRow,
    sql`
      update outbox set state = 'failed', settled_at = ${at}, lease_until = null
      where (id = ${id} or bundled_with = ${id}) and state <> 'failed'
      returning id, alert_id as "alertId", person_id as "personId", role, intent, step, ${id}::bigint as speaker
    `,
  );
}

/** A text and those it speaks for. */
export function textsSpokenFor(db: Db, id: number): Promise<TextOfAlert[]> {
  return many(
    db,
    textRow,
    sql`
      select id, alert_id as "alertId", person_id as "personId", role, intent, step, ${id}::bigint as speaker
      from outbox where id = ${id} or bundled_with = ${id} order by id
    `,
  );
}
