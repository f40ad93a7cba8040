import { z } from 'zod';
import { INTENTS_THAT_WAIT } from './outbox.ts';
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
 * Takes due texts that no other sender holds: emergencies first, then homes of the first tier, then by age, daily
 * words last. A text that another one speaks for goes and comes with that one.
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
        where outbox.not_before <= ${at} and outbox.bundled_with is null
          and (outbox.state = 'waiting' or (outbox.state = 'sending' and outbox.lease_until <= ${at}))
        order by outbox.intent <> 'emergency', outbox.intent = any (${INTENTS_THAT_WAIT}::text[]), coalesce(household.tier, 1) > 1,
                 outbox.requested_at, outbox.id
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
      where exists (select from outbox as leased where leased.id = ${id} and leased.fence = ${fence}
                    and leased.state = 'sending')
        and (id = ${id} or (bundled_with = ${id} and state in ('waiting', 'sending')))
    `,
  );
  return settled > 0;
}

/** Settles texts that nobody needs any more. They must be this transaction's own. */
export async function muteTexts(tx: Db, ids: readonly number[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await execute(
    tx,
    sql`update outbox set state = 'muted', settled_at = ${at}, lease_until = null where id = any (${ids})`,
  );
}

/**
 * Puts a text back until `notBefore`; those it spoke for wait for themselves again. Returns false when the lease is no
 * longer this sender's.
 */
export async function postponeText(db: Db, { id, fence }: Lease, notBefore: Date): Promise<boolean> {
  const postponed = await execute(
    db,
    sql`
      update outbox set state = 'waiting', not_before = ${notBefore}, lease_until = null, bundled_with = null
      where exists (select from outbox as leased where leased.id = ${id} and leased.fence = ${fence}
                    and leased.state = 'sending')
        and (id = ${id} or (bundled_with = ${id} and state in ('waiting', 'sending')))
    `,
  );
  return postponed > 0;
}

/**
 * A text that surely did not leave is due again, with those it spoke for, unless it is in other hands by now.
 */
export async function takeBack(tx: Db, { id, fence }: Lease, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      update outbox set state = 'waiting', not_before = ${at}, settled_at = null, lease_until = null, bundled_with = null
      where state in ('sending', 'unknown') and (id = ${id} or bundled_with = ${id})
        and exists (select from outbox as leased where leased.id = ${id}
                    and (leased.state = 'unknown' or leased.fence = ${fence}))
    `,
  );
}

/**
 * Gives up an attempt of which nobody can tell what became: the text is due again, and so is each one that it spoke for,
 * by itself. Each remembers that it may have left. Returns false when the lease is no longer this sender's.
 */
export async function releaseLost(tx: Db, { id, fence }: Lease, at: Date): Promise<boolean> {
  const released = await execute(
    tx,
    sql`
      update outbox
      set state = 'waiting', not_before = ${at}, lease_until = null, bundled_with = null,
          lost_attempts = lost_attempts + 1
      where exists (select from outbox as leased where leased.id = ${id} and leased.fence = ${fence}
                    and leased.state = 'sending')
        and (id = ${id} or (bundled_with = ${id} and state in ('waiting', 'sending')))
    `,
  );
  return released > 0;
}

/** Those that a text spoke for speak for themselves again. Their lease is not touched. */
export async function unbundle(tx: Db, id: number): Promise<void> {
  await execute(tx, sql`update outbox set bundled_with = null where bundled_with = ${id}`);
}
