import { homesDueForCheck } from '../db/home-watch.ts';
import { LOCKS, withLock } from '../db/locks.ts';
import { forgetBatches, homesChangedBy, pendingBatches } from '../db/reading-changes.ts';
import type { DetectorDeps, RunSummary } from './detector-deps.ts';
import { evaluateHomes } from './evaluate-homes.ts';
import type { HomeToJudge } from './load-homes.ts';

const BATCHES_AT_ONCE = 200;
const HOMES_AT_ONCE = 250;
const DUE_AT_ONCE = 5_000;

/**
 * Judges every home for which something changed since the last run: new or late readings, or a time that has come.
 *
 * One process of an installation runs it at a time; a second one finds the lock held and returns undefined. The notes
 * of what changed are deleted only after the homes have been judged and acted on, so a run that dies is run again.
 */
export function runDetectors(deps: DetectorDeps): Promise<RunSummary | undefined> {
  return withLock(deps.pool, LOCKS.detectorRun, async () => {
    const total = { homes: 0, alertsOpened: 0, ticketsOpened: 0 };
    for (;;) {
      const batches = await pendingBatches(deps.pool, BATCHES_AT_ONCE);
      await evaluateInChunks(deps, await homesToJudge(deps, batches), total);
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
    ...due.filter((id) => !seen.has(id)).map((householdId) => ({ householdId, changedFrom: now })),
  ];
}

async function evaluateInChunks(
  deps: DetectorDeps,
  homes: readonly HomeToJudge[],
  total: { homes: number; alertsOpened: number; ticketsOpened: number },
): Promise<void> {
  for (let start = 0; start < homes.length; start += HOMES_AT_ONCE) {
    const summary = await evaluateHomes(deps, homes.slice(start, start + HOMES_AT_ONCE));
    total.homes += summary.homes;
    total.alertsOpened += summary.alertsOpened;
    total.ticketsOpened += summary.ticketsOpened;
  }
}
