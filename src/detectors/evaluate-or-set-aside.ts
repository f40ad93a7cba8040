import { setHomeAside } from '../db/home-watch.ts';
import { inTransaction } from '../db/sql.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { addUp, type DetectorDeps, NOTHING_DONE, type RunSummary } from './detector-deps.ts';
import { evaluateHomes } from './evaluate-homes.ts';
import type { HomeToJudge } from './load-homes.ts';
import { isLeaseLost } from './shard-leases.ts';

const TRY_AGAIN_AFTER_MS = 10 * MINUTE_MS;

/**
 * Judges homes together and, where that fails, each by itself, so that one home's trouble stays its own.
 *
 * A home that fails alone is logged, counts as unwatched and is tried again later from the same readings on. That it is
 * noted in the database means that a database which cannot be reached ends the run, and takes no home for a bad one.
 */
export async function evaluateOrSetAside(deps: DetectorDeps, homes: readonly HomeToJudge[]): Promise<RunSummary> {
  try {
    return await evaluateHomes(deps, homes);
  } catch (error) {
    if (isLeaseLost(error)) throw error;
    deps.log.warn({ err: error, homes: homes.length }, 'homes could not be judged together: each is judged by itself');
  }
  let total = NOTHING_DONE;
  for (const home of homes) total = addUp(total, await evaluateAlone(deps, home));
  return total;
}

async function evaluateAlone(deps: DetectorDeps, home: HomeToJudge): Promise<RunSummary> {
  try {
    return await evaluateHomes(deps, [home]);
  } catch (error) {
    if (isLeaseLost(error)) throw error;
    const now = deps.clock.now();
    const retryAt = new Date(now.getTime() + TRY_AGAIN_AFTER_MS);
    await inTransaction(deps.pool, (tx) => setHomeAside(tx, home, now, retryAt));
    deps.log.error(
      { err: error, householdId: home.householdId },
      'a home could not be judged; it counts as unwatched and is tried again',
    );
    return { ...NOTHING_DONE, homesSetAside: 1 };
  }
}
