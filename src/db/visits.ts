import { type Db, execute, sql } from './sql.ts';

/**
 * Records a home check as a visit where somebody stood at the door; one by telephone leaves no line. A corrected answer
 * adds a line of its own: which one stands is seen from the answers.
 */
export async function recordVisit(tx: Db, verificationId: number, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into visit (household_id, person_id, verification_id, visited_at, outcome, recorded_at)
      select alert.household_id, person_id, verification.id, coalesce(checked_at, answered_at), outcome, ${at}
      from verification join alert on alert.id = alert_id
      where verification.id = ${verificationId} and method = 'in_person'
    `,
  );
}
