import { homesOfArea } from '../../db/area-homes.ts';
import { holdDetectors, judgeAgain } from '../../db/judge-again.ts';
import { endOutage, lockOutage, type Outage, recordOutageEvent } from '../../db/outages.ts';
import { inTransaction } from '../../db/sql.ts';
import type { AreaDeps } from './area-deps.ts';

/**
 * Ends an outage or works: nothing waits for it any longer, and every home of the area is judged again from its beginning
 * on. Returns false when it does not exist or had ended.
 */
export function closeOutage(
  { pool, clock }: Pick<AreaDeps, 'pool' | 'clock'>,
  { id, by }: { readonly id: number; readonly by: NonNullable<Outage['endedBy']> },
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await holdDetectors(tx);
    const at = clock.now();
    const outage = await lockOutage(tx, id);
    if (!outage || !(await endOutage(tx, { id, at, by }))) return false;
    await recordOutageEvent(tx, { outageId: id, at, type: 'ended', detail: { by, held: outage.held } });
    const homes = outage.beganAt < at ? await homesOfArea(tx, outage, at) : [];
    const from = outage.beganAt;
    await judgeAgain(
      tx,
      homes.map((householdId) => ({ householdId, from })),
      at,
    );
    return true;
  });
}
