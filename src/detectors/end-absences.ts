import { endAbsence } from '../db/absences.ts';
import type { Db } from '../db/sql.ts';
import { windowConsumption } from '../domain/metering/window-consumption.ts';
import type { LoadedHome } from './load-homes.ts';

/** So much water in an empty home means that it is not empty: more than a drip or a meter's jitter. */
const PROOF_OF_RETURN_LITRES = 5;

/** Ends the absence of every home in which water has been used since it began: they are back, or somebody is there. */
export async function endAbsencesWithWater(db: Db, homes: readonly LoadedHome[], now: Date): Promise<void> {
  for (const { householdId, absences, series } of homes) {
    const current = absences.find(({ fromAt, untilAt }) => fromAt <= now && untilAt > now);
    if (!current) continue;
    const used = series.meters.some(({ intervals }) => {
      const since = intervals.filter(({ fromMs }) => fromMs >= current.fromAt.getTime());
      const { knownLitres, gapLitres } = windowConsumption(since, current.fromAt.getTime(), now.getTime());
      return knownLitres + gapLitres >= PROOF_OF_RETURN_LITRES;
    });
    if (used) await endAbsence(db, { householdId, at: now, by: 'water' });
  }
}
