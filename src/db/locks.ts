import { z } from 'zod';
import { type DbPool, one, sql, type Tx } from './sql.ts';

/** Work that only one process of an installation does at a time. */
export const LOCKS = {
  sequences: 7_311_955_026,
  adoption: 7_311_955_027,
  rollUp: 7_311_955_028,
  sendingCaps: 7_311_955_050,
  rosterGaps: 7_311_955_090,
  ticketDigest: 7_311_955_112,
} as const;

/**
 * Runs `work` while holding a lock of the database, or does nothing when another process holds it. The lock is bound
 * to a connection: a process that dies lets go of it.
 */
export async function withLock<T>(
  pool: DbPool,
  lock: (typeof LOCKS)[keyof typeof LOCKS],
  work: () => Promise<T>,
): Promise<T | undefined> {
  const client: Tx = await pool.connect();
  try {
    const { held } = await one(
      client,
      z.object({ held: z.boolean() }),
      sql`select pg_try_advisory_lock(${lock}) as held`,
    );
    if (!held) return undefined;
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lock]);
    }
  } finally {
    client.release();
  }
}

/** Whether this transaction, and no other, now holds the lock: until it ends, however it ends. */
export async function holdLock(tx: Tx, lock: (typeof LOCKS)[keyof typeof LOCKS]): Promise<boolean> {
  const { held } = await one(
    tx,
    z.object({ held: z.boolean() }),
    sql`select pg_try_advisory_xact_lock(${lock}) as held`,
  );
  return held;
}

/** Holds the lock until the transaction ends, once whoever has it has let go. */
export async function waitForLock(tx: Tx, lock: (typeof LOCKS)[keyof typeof LOCKS]): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [lock]);
}
