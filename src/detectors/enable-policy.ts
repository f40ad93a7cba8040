import { homesOfArea } from '../db/area-homes.ts';
import { recordAuditEntry } from '../db/audit-entries.ts';
import { holdDetectors, judgeAgain } from '../db/judge-again.ts';
import { insertPolicy, type NewPolicy } from '../db/policy-in-force.ts';
import { type DbPool, inTransaction } from '../db/sql.ts';
import { EVERYWHERE } from '../domain/area/area-scope.ts';
import type { Clock } from '../core/clock.ts';
import { DAY_MS } from '../domain/time.ts';

/**
 * Puts a policy in force and has every home judged by it, its last day anew, all in one transaction. Alerts that are open
 * keep the steps that they were opened with. Returns the policy's number.
 */
export function enablePolicy(
  { pool, clock }: { readonly pool: DbPool; readonly clock: Clock },
  policy: NewPolicy,
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    await holdDetectors(tx);
    const id = await insertPolicy(tx, policy, at);
    const subject = `policy ${id}`;
    await recordAuditEntry(tx, { at, actor: policy.by, action: 'policy.enabled', subject, detail: policy.price });
    const homes = await homesOfArea(tx, EVERYWHERE, at);
    const from = new Date(at.getTime() - DAY_MS);
    await judgeAgain(
      tx,
      homes.map((householdId) => ({ householdId, from })),
      at,
    );
    return id;
  });
}
