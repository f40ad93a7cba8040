import { z } from 'zod';
import { type Db, many, one, sql } from './sql.ts';

const perPerson = z.object({ personId: z.number(), startedAt: z.array(z.coerce.date()) });

/** When each of these people was handed a text since a time, the oldest first. An attempt that failed is none. */
export async function sentLatelyTo(
  db: Db,
  personIds: readonly number[],
  since: Date,
): Promise<ReadonlyMap<number, readonly Date[]>> {
  const rows = await many(
    db,
    perPerson,
    sql`
      select outbox.person_id as "personId", json_agg(delivery.started_at order by delivery.started_at) as "startedAt"
      from delivery join outbox on outbox.id = delivery.outbox_id
      where delivery.started_at > ${since} and outbox.person_id = any (${personIds}) and delivery.status <> 'failed'
      group by outbox.person_id
    `,
  );
  return new Map(rows.map(({ personId, startedAt }) => [personId, startedAt]));
}

/** How many texts the service has handed over since a time. */
export async function sentLatelyInAll(db: Db, since: Date): Promise<number> {
  const row = await one(
    db,
    z.object({ count: z.number() }),
    sql`select count(*) from delivery where started_at > ${since} and status <> 'failed'`,
  );
  return row.count;
}
