import { z } from 'zod';
import { ROLES, type Role } from '../domain/alerting/escalation-policy.ts';
import { type Db, maybeOne, sql } from './sql.ts';

/** In which capacity somebody was first asked about an alert; undefined when they never were. */
export async function firstRoleOf(db: Db, alertId: number, personId: number): Promise<Role | undefined> {
  const row = await maybeOne(
    db,
    z.object({ role: z.enum(ROLES) }),
    sql`select role from outbox where alert_id = ${alertId} and person_id = ${personId} order by id limit 1`,
  );
  return row?.role;
}
