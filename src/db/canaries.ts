import { z } from 'zod';
import { type Db, maybeOne, sql } from './sql.ts';

const heardRow = z.object({ heardAt: z.date() });

/** When any of these meters was last heard of; undefined where none ever was. */
export async function canariesHeard(db: Db, serials: readonly string[]): Promise<Date | undefined> {
  const row = await maybeOne(
    db,
    heardRow,
    sql`
      select newest.received_at as "heardAt"
      from meter cross join lateral (
        select received_at from register_reading where meter_id = meter.id order by read_at desc limit 1
      ) newest
      where serial = any (${serials})
      order by newest.received_at desc limit 1
    `,
  );
  return row?.heardAt;
}
