import { z } from 'zod';
import { type Db, execute, many, maybeOne, sql } from './sql.ts';

const dropsRow = z.object({
  /** All that were dropped since this client first heard of it, over restarts of the broker. */
  dropped: z.coerce.number(),
  /** When it last grew; null when it never did. */
  roseAt: z.date().nullable(),
});

/** What one ingester heard of the messages that its broker dropped. */
export type BrokerDrops = z.output<typeof dropsRow>;

const KEPT_DAYS = 30;

/**
 * Notes what the broker says of the messages that it dropped. What it says the first time is not ours to complain of;
 * a counter lower than before is that of a broker that was started anew. Returns the sum, and undefined when this told
 * nothing new.
 */
export async function noteBrokerDrops(
  db: Db,
  client: string,
  counter: number,
  at: Date,
): Promise<BrokerDrops | undefined> {
  await execute(
    db,
    sql`
      delete from broker_drops
      where client <> ${client} and heard_at < ${at}::timestamptz - make_interval(days => ${KEPT_DAYS})
    `,
  );
  return maybeOne(
    db,
    dropsRow,
    sql`
      insert into broker_drops as known (client, counter, heard_at) values (${client}, ${counter}, ${at})
      on conflict (client) do update
      set counter = excluded.counter, heard_at = excluded.heard_at,
          dropped = known.dropped + excluded.counter
                    - case when excluded.counter > known.counter then known.counter else 0 end,
          rose_at = case when excluded.counter > 0 then excluded.heard_at else known.rose_at end
      where excluded.counter <> known.counter
      returning dropped, rose_at as "roseAt"
    `,
  );
}

/** What every ingester heard. */
export function brokerDrops(db: Db): Promise<BrokerDrops[]> {
  return many(db, dropsRow, sql`select dropped, rose_at as "roseAt" from broker_drops`);
}
