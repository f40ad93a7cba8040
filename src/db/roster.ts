import { execute, sql, type Tx } from './sql.ts';

const ROSTER_LOCK = 7_311_955_023;

/** Lets one import at a time change the roster. Held until the transaction ends. */
export async function lockRoster(tx: Tx): Promise<void> {
  await execute(tx, sql`select pg_advisory_xact_lock(${ROSTER_LOCK})`);
}
