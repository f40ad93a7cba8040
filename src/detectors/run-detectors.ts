import { homesDueForCheck } from '../db/home-watch.ts';
import { LOCKS, withLock } from '../db/locks.ts';
import { forgetBatches, homesChangedBy, pendingBatches } from '../db/reading-changes.ts';
import { addUp, type DetectorDeps, NOTHING_DONE, type RunSummary } from './detector-deps.ts';
import { evaluateOrSetAside } from './evaluate-or-set-aside.ts';
import type { HomeToJudge } from './load-homes.ts';

const BATCHES_AT_ONCE = 200;
const HOMES_AT_ONCE = 500;
const DUE_AT_ONCE = 5_000;

/**
 * Judges every home for which something changed since the last run: new or late readings, or a time that has come.
 *
 * One process of an installation runs it at a time; a second one finds the lock held and returns undefined. The notes
 * of what changed are deleted only after the homes have been judged and acted on, so a run that dies is run again. A
 * home that cannot be judged is set aside and does not hold back the others.
 */
export function runDetectors(deps: DetectorDeps): Promise<RunSummary | undefined> {
  return withLock(deps.pool, LOCKS.detectorRun, async () => {
    let total = NOTHING_DONE;
    for (;;) {
      const batches = await pendingBatches(deps.pool, BATCHES_AT_ONCE);
      const homes = await homesToJudge(deps, batches);
      for (let start = 0; start < homes.length; start += HOMES_AT_ONCE) {
        total = addUp(total, await evaluateOrSetAside(deps, homes.slice(start, start + HOMES_AT_ONCE)));
      }
      await forgetBatches(deps.pool, batches);
      if (batches.length < BATCHES_AT_ONCE) return total;
    }
  });
}

async function homesToJudge({ pool, clock }: DetectorDeps, batches: readonly number[]): Promise<HomeToJudge[]> {
  const now = clock.now();
  const changed = await homesChangedBy(pool, batches);
  const seen = new Set(changed.map(({ householdId }) => householdId));
  const due = await homesDueForCheck(pool, now, DUE_AT_ONCE);
  return [
    ...changed.map(({ householdId, firstReadAt }) => ({ householdId, changedFrom: firstReadAt })),
    ...due
      .filter(({ householdId }) => !seen.has(householdId))
      .map(({ householdId, judgeFrom }) => ({ householdId, changedFrom: judgeFrom ?? now })),
  ];
}
