import type { Clock } from '../core/clock.ts';
import { homesOfArea } from '../db/area-homes.ts';
import { groupByHome } from '../db/group-by-home.ts';
import { readHabits } from '../db/home-habits.ts';
import { absencesOf, noteDrifts } from '../db/routine-drifts.ts';
import { type DbPool, inTransaction } from '../db/sql.ts';
import { EVERYWHERE } from '../domain/area/area-scope.ts';
import type { HabitDay } from '../domain/habit/habit-day.ts';
import { unpackDays } from '../domain/habit/packed-days.ts';
import { routineDrifts } from '../domain/habit/routine-drift.ts';
import { DAY_MS } from '../domain/time.ts';

const HOMES_AT_ONCE = 500;

/**
 * Makes the list of a week: the homes whose people use less water, or in fewer hours, than they used to. Nobody is texted:
 * it is for a person to read. Days that touch an absence say nothing.
 *
 * @param week its Monday, as in `2026-03-02`
 */
export async function listDriftsOfWeek(
  { pool, clock }: { readonly pool: DbPool; readonly clock: Clock },
  week: string,
): Promise<number> {
  const at = clock.now();
  const homes = await homesOfArea(pool, EVERYWHERE, at);
  let noted = 0;
  for (let done = 0; done < homes.length; done += HOMES_AT_ONCE) {
    const ids = homes.slice(done, done + HOMES_AT_ONCE);
    const absences = groupByHome(await absencesOf(pool, ids));
    const drifts = (await readHabits(pool, ids)).flatMap(({ householdId, habit }) => {
      const away = absences.get(householdId) ?? [];
      const isAway = ({ startMs }: HabitDay) =>
        away.some(({ fromAt, untilAt }) => fromAt.getTime() < startMs + DAY_MS && untilAt.getTime() > startMs);
      return routineDrifts(unpackDays(habit.days), isAway).map((drift) => ({ householdId, drift }));
    });
    if (drifts.length > 0) await inTransaction(pool, (tx) => noteDrifts(tx, week, drifts, at));
    noted += drifts.length;
  }
  return noted;
}
