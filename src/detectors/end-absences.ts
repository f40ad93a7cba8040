import { provedReturn } from '../domain/alerting/return-of-people.ts';
import { inTransaction, type DbPool } from '../db/sql.ts';
import { endAbsenceByWater, type ReturnByWater } from './end-absence-by-water.ts';
import type { LoadedHome } from './load-homes.ts';

/** Ends the absence of every home in which water has been used since it began: they are back, or somebody is there. */
export async function endAbsencesWithWater(pool: DbPool, homes: readonly LoadedHome[], now: Date): Promise<void> {
  for (const returned of homesWithWaterAgain(homes, now)) {
    await inTransaction(pool, (tx) => endAbsenceByWater(tx, returned, now));
  }
}

/** The homes whose people are away and yet drew water, and when it ran. */
function homesWithWaterAgain(homes: readonly LoadedHome[], now: Date): ReturnByWater[] {
  return homes.flatMap(({ householdId, absences, series }) => {
    const current = absences.find(({ fromAt, untilAt }) => fromAt <= now && untilAt > now);
    if (!current) return [];
    const times = { sinceMs: current.fromAt.getTime(), untilMs: now.getTime() };
    const usedMs = provedReturn(series.meters, series.use, times);
    return usedMs === undefined ? [] : [{ householdId, usedAt: new Date(usedMs) }];
  });
}
