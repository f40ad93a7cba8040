import { z } from 'zod';
import type { HomeHabit } from '../domain/habit/home-habit.ts';
import { daysFromBytes, daysToBytes, HABIT_VERSION, pausesFromBytes, pausesToBytes } from './habit-bytes.ts';
import { type Db, execute, many, sql } from './sql.ts';

const bytes = z.instanceof(Uint8Array).transform((given) => Buffer.from(given));
const habitRow = z
  .object({ householdId: z.number(), completeUntil: z.date(), pauses: bytes, days: bytes })
  .transform(({ householdId, completeUntil, pauses, days }) => ({
    householdId,
    habit: { untilMs: completeUntil.getTime(), pauses: pausesFromBytes(pauses), days: daysFromBytes(days) },
  }));

/** A home, and what is kept of its habit. */
export interface KeptHabit {
  readonly householdId: number;
  readonly habit: HomeHabit;
}

/** What is kept of the habits of these homes; nothing of one that was never worked out, or by other rules. */
export function readHabits(db: Db, householdIds: readonly number[]): Promise<KeptHabit[]> {
  return many(
    db,
    habitRow,
    sql`
      select household_id as "householdId", complete_until as "completeUntil", pauses, days
      from home_habit
      where household_id = any (${householdIds}) and version = ${HABIT_VERSION}
      order by household_id
    `,
  );
}

/** Keeps habits, in place of what was kept before. */
export async function saveHabits(db: Db, kept: readonly KeptHabit[]): Promise<void> {
  await execute(
    db,
    sql`
      insert into home_habit (household_id, complete_until, version, pauses, days)
      select household_id, complete_until, ${HABIT_VERSION}, pauses, days
      from unnest(${kept.map(({ householdId }) => householdId)}::bigint[],
                  ${kept.map(({ habit }) => new Date(habit.untilMs))}::timestamptz[],
                  ${kept.map(({ habit }) => pausesToBytes(habit.pauses))}::bytea[],
                  ${kept.map(({ habit }) => daysToBytes(habit.days))}::bytea[])
           as given (household_id, complete_until, pauses, days)
      order by household_id
      on conflict (household_id) do update
      set complete_until = excluded.complete_until, version = excluded.version, pauses = excluded.pauses, days = excluded.days
    `,
  );
}
