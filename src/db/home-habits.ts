import { z } from 'zod';
import type { HomeHabit } from '../domain/habit/home-habit.ts';
import { joinPacked } from '../domain/habit/packed-pauses.ts';
import { type Db, execute, many, sql } from './sql.ts';

/** Raised whenever the bytes, or what they are worked out from, change: older rows are then built anew. */
export const HABIT_VERSION = 3;

const bytes = z.instanceof(Uint8Array);
const habitRow = z
  .object({
    householdId: z.number(),
    completeUntil: z.date(),
    pauses: bytes,
    days: bytes,
    recentPauses: bytes,
    recentDays: bytes,
  })
  .transform(({ householdId, completeUntil, pauses, days, recentPauses, recentDays }) => ({
    householdId,
    habit: {
      untilMs: completeUntil.getTime(),
      pauses: joinPacked(pauses, recentPauses),
      days: joinPacked(days, recentDays),
    },
    written: { pauses: pauses.length, days: days.length },
  }));

/** How many bytes of a habit stand in its long columns. */
export interface WrittenHabit {
  readonly pauses: number;
  readonly days: number;
}

/** A home, what is kept of its habit, and how much of that need not be written again: nothing where it is left out. */
export interface KeptHabit {
  readonly householdId: number;
  readonly habit: HomeHabit;
  readonly written?: WrittenHabit | undefined;
}

/** What is kept of the habits of these homes; nothing of one that was never worked out, or by other rules. */
export function readHabits(db: Db, householdIds: readonly number[]): Promise<KeptHabit[]> {
  return many(
    db,
    habitRow,
    sql`
      select household_id as "householdId", complete_until as "completeUntil", pauses, days,
             recent_pauses as "recentPauses", recent_days as "recentDays"
      from home_habit
      where household_id = any (${householdIds}) and version = ${HABIT_VERSION}
    `,
  );
}

/** Keeps habits, in place of what was kept before; of one that has only grown, what was added. */
export async function saveHabits(db: Db, kept: readonly KeptHabit[]): Promise<void> {
  const grown = kept.flatMap(({ written, ...each }) => (written ? [{ ...each, written }] : []));
  if (grown.length > 0) await addToHabits(db, grown);
  const anew = kept.filter(({ written }) => written === undefined);
  if (anew.length > 0) await writeHabits(db, anew);
}

async function writeHabits(db: Db, kept: readonly KeptHabit[]): Promise<void> {
  await execute(
    db,
    sql`
      insert into home_habit (household_id, complete_until, version, pauses, days)
      select household_id, complete_until, ${HABIT_VERSION}, pauses, days
      from unnest(${kept.map(({ householdId }) => householdId)}::bigint[],
                  ${kept.map(({ habit }) => new Date(habit.untilMs))}::timestamptz[],
                  ${kept.map(({ habit }) => toBuffer(habit.pauses))}::bytea[],
                  ${kept.map(({ habit }) => toBuffer(habit.days))}::bytea[])
           as given (household_id, complete_until, pauses, days)
      order by household_id
      on conflict (household_id) do update
      set complete_until = excluded.complete_until, version = excluded.version, pauses = excluded.pauses,
          days = excluded.days, recent_pauses = '', recent_days = ''
    `,
  );
}

async function addToHabits(db: Db, kept: readonly (KeptHabit & { readonly written: WrittenHabit })[]): Promise<void> {
  await execute(
    db,
    sql`
      update home_habit
      set complete_until = given.complete_until, recent_pauses = given.recent_pauses, recent_days = given.recent_days
      from unnest(${kept.map(({ householdId }) => householdId)}::bigint[],
                  ${kept.map(({ habit }) => new Date(habit.untilMs))}::timestamptz[],
                  ${kept.map(({ habit, written }) => toBuffer(habit.pauses.subarray(written.pauses)))}::bytea[],
                  ${kept.map(({ habit, written }) => toBuffer(habit.days.subarray(written.days)))}::bytea[])
           as given (household_id, complete_until, recent_pauses, recent_days)
      where home_habit.household_id = given.household_id
    `,
  );
}

/** The same bytes, as `pg` takes them. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
