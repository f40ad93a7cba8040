import { shardsWithWork } from '../db/detector-shards.ts';
import { homesDueForCheck } from '../db/home-watch.ts';
import { divideBatches, forgetNotes, homesOfNotes, pendingNotes } from '../db/judge-notes.ts';
import { inTransaction } from '../db/sql.ts';
import { crashPoint } from '../core/crash-point.ts';
import { type BatchBounds, batchesOfHomes } from './batches-of-homes.ts';
import { addUp, type DetectorDeps, NOTHING_DONE, type RunSummary } from './detector-deps.ts';
import { evaluateOrSetAside } from './evaluate-or-set-aside.ts';
import type { HomeToJudge } from './load-homes.ts';
import { isLeaseLost, withShards } from './shard-leases.ts';

const BATCHES_AT_ONCE = 500;
const NOTES_AT_ONCE = 500;
const AT_ONCE: BatchBounds = { homes: 1_000, days: 5_000 };
const DUE_AT_ONCE = 5_000;
/** A run takes shards until it holds about so many homes, and leaves the others to other processes meanwhile. */
const HOMES_A_LEASE = 2_000;

/**
 * Judges every home for which something changed since the last run: new or late readings, or a time that has come.
 *
 * Any number of processes may run it at once: each takes shards of the homes under a lease, and writes only while its
 * leases stand. The notes of what changed are deleted only after the homes have been judged and acted on, so a run that
 * dies is run again. A home that cannot be judged is set aside and does not hold back the others.
 */
export async function runDetectors(deps: DetectorDeps): Promise<RunSummary> {
  while ((await divideBatches(deps.pool, BATCHES_AT_ONCE)) === BATCHES_AT_ONCE);
  crashPoint('detect.divided');
  const done = new Set<number>();
  let total = NOTHING_DONE;
  for (;;) {
    const waiting = (await shardsWithWork(deps.pool, deps.clock.now())).filter(({ shard }) => !done.has(shard));
    if (waiting.length === 0) return total;
    try {
      const judged = await withShards(deps, waiting, HOMES_A_LEASE, judgeShards);
      if (!judged) return total;
      for (const shard of judged.shards) done.add(shard);
      total = addUp(total, judged.outcome);
      if (judged.shards.length === waiting.length) return total;
    } catch (error) {
      // What was not judged is still noted: another run does it, or the next one here.
      if (!isLeaseLost(error)) throw error;
      deps.log.warn({ err: error }, 'a run of the detectors was overtaken and ends');
      return total;
    }
  }
}

async function judgeShards(deps: DetectorDeps, shards: readonly number[]): Promise<RunSummary> {
  let total = NOTHING_DONE;
  for (;;) {
    const notes = await pendingNotes(deps.pool, shards, NOTES_AT_ONCE);
    const homes = await homesToJudge(deps, shards, notes);
    for (const batch of batchesOfHomes(homes, deps.clock.now(), AT_ONCE)) {
      total = addUp(total, await evaluateOrSetAside(deps, batch));
    }
    if (notes.length > 0) await inTransaction(deps.pool, (tx) => forgetNotes(tx, notes));
    crashPoint('detect.forgotten');
    if (notes.length < NOTES_AT_ONCE) return total;
  }
}

async function homesToJudge(
  { pool, clock }: DetectorDeps,
  shards: readonly number[],
  notes: readonly number[],
): Promise<HomeToJudge[]> {
  const now = clock.now();
  const changed = notes.length === 0 ? [] : await homesOfNotes(pool, notes);
  const seen = new Set(changed.map(({ householdId }) => householdId));
  const due = await homesDueForCheck(pool, shards, now, DUE_AT_ONCE);
  return [
    ...changed,
    ...due
      .filter(({ householdId }) => !seen.has(householdId))
      .map(({ householdId, judgeFrom }) => ({ householdId, changedFrom: judgeFrom ?? now })),
  ];
}
