import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

const leaseRow = z.object({ id: z.number(), fence: z.number() });

/** A text that is this sender's for a while. */
export type Lease = z.output<typeof leaseRow>;

export interface LeaseRequest {
  readonly at: Date;
  readonly until: Date;
  readonly limit: number;
}

/**
 * Takes due texts that no other sender holds: emergencies first, then homes of the first tier, then by age.
 *
 * The lease runs out by itself, so a sender that dies loses nothing. Each lease moves the fence on, and every later
 * statement names the fence it was given: a sender that wakes too late changes nothing.
 */
export function leaseDueTexts(db: Db, { at, until, limit }: LeaseRequest): Promise<Lease[]> {
  return many(
    db,
    leaseRow,
    sql`
      update outbox
      set state = 'sending', lease_until = ${until}, fence = fence + 1, attempts = attempts + 1
      where id in (
        select outbox.id
        from outbox
        left join alert on alert.id = outbox.alert_id
        left join notice on notice.id = outbox.notice_id
        left join household on household.id = coalesce(alert.household_id, notice.household_id)
        where outbox.not_before <= ${at}
          and (outbox.state = 'waiting' or (outbox.state = 'sending' and outbox.lease_until <= ${at}))
        order by outbox.intent <> 'emergency', coalesce(household.tier, 1) > 1, outbox.requested_at, outbox.id
        limit ${limit}
        for update of outbox skip locked
      )
      returning id, fence
    `,
  );
}

/** What became of a text. Returns false, and changes nothing, when the lease is no longer this sender's. */
export async function settleText(
  db: Db,
  { id, fence }: Lease,
  state: 'muted' | 'failed' | 'unknown',
  at: Date,
): Promise<boolean> {
  const settled = await execute(
    db,
    sql`
      update outbox set state = ${state}, settled_at = ${at}, lease_until = null
      where id = ${id} and fence = ${fence} and state = 'sending'
    `,
  );
  return settled > 0;
}

/** Puts a text back until `notBefore`. Returns false when the lease is no longer this sender's. */
export async function postponeText(db: Db, { id, fence }: Lease, notBefore: Date): Promise<boolean> {
  const postponed = await execute(
    db,
    sql`
      update outbox set state = 'waiting', not_before = ${notBefore}, lease_until = null
      where id = ${id} and fence = ${fence} and state = 'sending'
    `,
  );
  return postponed > 0;
}

/** That a gateway has a text is a fact, whoever holds the lease: it ends every doubt and every further attempt. */
export async function markTextSent(db: Db, id: number, at: Date): Promise<boolean> {
  const marked = await execute(
    db,
    sql`
      update outbox set state = 'sent', settled_at = ${at}, lease_until = null
      where id = ${id} and state in ('waiting', 'sending', 'unknown')
    `,
  );
  return marked > 0;
}

/** A text that had left came to nothing. Returns false when it was known to have failed. */
export async function markTextFailed(db: Db, id: number, at: Date): Promise<boolean> {
  const marked = await execute(
    db,
    sql`
      update outbox set state = 'failed', settled_at = ${at}, lease_until = null
      where id = ${id} and state <> 'failed'
    `,
  );
  return marked > 0;
}
