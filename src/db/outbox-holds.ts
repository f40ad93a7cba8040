import { type Db, execute, sql } from './sql.ts';

/** Why a text waits though it is due. */
export type HoldReason = 'quiet_hours' | 'number_cap' | 'service_cap';

export interface Hold {
  readonly id: number;
  readonly until: Date;
  readonly reason: HoldReason;
}

/** Puts texts back until their time. They must be this transaction's own; the lease does not count as an attempt. */
export async function holdTexts(tx: Db, holds: readonly Hold[]): Promise<void> {
  if (holds.length === 0) return;
  await execute(
    tx,
    sql`
      update outbox
      set state = 'waiting', lease_until = null, attempts = attempts - 1, not_before = held.until, held_for = held.reason
      from unnest(${holds.map(({ id }) => id)}::bigint[], ${holds.map(({ until }) => until)}::timestamptz[],
                  ${holds.map(({ reason }) => reason)}::text[]) as held (id, until, reason)
      where outbox.id = held.id
    `,
  );
}

/** Lets one text speak for others to the same number: their state is its own from now on. */
export async function bundleTexts(tx: Db, speaker: number, others: readonly number[]): Promise<void> {
  if (others.length === 0) return;
  await execute(tx, sql`update outbox set bundled_with = ${speaker} where id = any (${others})`);
}
