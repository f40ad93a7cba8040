import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

const ofAlert = z.object({ alertId: z.number() });

/** Closes every link of a person that stands. Yields the alert of each. */
export async function revokeLinksOf(tx: Db, personId: number, at: Date): Promise<number[]> {
  const rows = await many(
    tx,
    ofAlert,
    sql`
      update verification_link set revoked_at = ${at}
      where person_id = ${personId} and revoked_at is null
      returning alert_id as "alertId"
    `,
  );
  return rows.map(({ alertId }) => alertId);
}

/** Closes every code of a person that stands. Yields the alert of each. */
export async function revokeCodesOf(tx: Db, personId: number, at: Date): Promise<number[]> {
  const rows = await many(
    tx,
    ofAlert,
    sql`
      update check_code set revoked_at = ${at}
      where person_id = ${personId} and revoked_at is null and voided_at is null
      returning alert_id as "alertId"
    `,
  );
  return rows.map(({ alertId }) => alertId);
}
