import { z } from 'zod';
import type { ReceiptStatus } from '../domain/notification/delivery-status.ts';
import { type Db, execute, many, maybeOne, sql } from './sql.ts';

export interface NewReceipt {
  readonly gateway: string;
  readonly reference: string;
  readonly status: ReceiptStatus;
  readonly failureCode?: string | undefined;
}

/**
 * Makes this transaction the only one at work on a gateway's reference. A receipt and the record of its own text can
 * come at the same moment; without this each could miss the other.
 */
export async function lockReference(tx: Db, gateway: string, reference: string): Promise<void> {
  await execute(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`${gateway}:${reference}`}, 0))`);
}

/** The same for many references at once, always in one order. */
export async function lockReferences(tx: Db, gateway: string, references: readonly string[]): Promise<void> {
  await execute(
    tx,
    sql`
      select pg_advisory_xact_lock(lock.number)
      from (select distinct hashtextextended(${gateway}::text || ':' || reference, 0) as number
            from unnest(${references}::text[]) as reference order by 1) as lock
    `,
  );
}

/** Of these references, those about which a receipt waits. */
export async function referencesWithWaitingReceipts(
  tx: Db,
  gateway: string,
  references: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await many(
    tx,
    z.object({ reference: z.string() }),
    sql`
      select distinct reference from receipt
      where gateway = ${gateway} and reference = any (${references}) and applied_at is null
    `,
  );
  return new Set(rows.map(({ reference }) => reference));
}

/** Keeps a receipt. Yields undefined when the very same one is kept already. */
export async function insertReceipt(tx: Db, receipt: NewReceipt, at: Date): Promise<number | undefined> {
  const row = await maybeOne(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into receipt (gateway, reference, status, failure_code, received_at)
      values (${receipt.gateway}, ${receipt.reference}, ${receipt.status}, ${receipt.failureCode ?? null}, ${at})
      on conflict (gateway, reference, status, failure_code) do nothing
      returning id
    `,
  );
  return row?.id;
}

const waitingRow = z.object({
  id: z.number(),
  status: z.enum(['accepted', 'sent', 'delivered', 'undelivered', 'failed']),
  failureCode: z.string().nullable(),
});

/** A receipt that waits for its text to be known. */
export type WaitingReceipt = z.output<typeof waitingRow>;

/** The receipts of a reference that have not been applied, in the order they came. */
export function waitingReceipts(tx: Db, gateway: string, reference: string): Promise<WaitingReceipt[]> {
  return many(
    tx,
    waitingRow,
    sql`
      select id, status, failure_code as "failureCode" from receipt
      where gateway = ${gateway} and reference = ${reference} and applied_at is null
      order by id
    `,
  );
}

export async function markReceiptsApplied(tx: Db, ids: readonly number[], at: Date): Promise<void> {
  await execute(tx, sql`update receipt set applied_at = ${at} where id = any (${ids})`);
}
