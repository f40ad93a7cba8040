import { z } from 'zod';
import type { HomeHabit } from '../domain/habit/home-habit.ts';
import { joinPacked } from '../domain/habit/join-packed.ts';
import { type BinaryRow, bytesField, dateField, int8Field, manyInBinary } from './binary-rows.ts';
import { type Db, execute, sql } from './sql.ts';

/** Raised whenever the bytes, or what they are worked out from, change: older rows are then built anew. */
export const HABIT_VERSION = 4;

const WORD_BYTES = 4;
const bytes = z.custom<Uint8Array>((column) => column instanceof Uint8Array);
const habitRow = z.object({
  householdId: z.number(),
  completeUntil: z.date(),
  pauses: bytes,
  days: bytes,
  recentPauses: bytes,
  recentDays: bytes,
});
type HabitRow = z.output<typeof habitRow>;

/** How many words of pauses and how many bytes of days stand in the long columns. */
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
export async function readHabits(db: Db, householdIds: readonly number[]): Promise<KeptHabit[]> {
  const rows = await manyInBinary(
    db,
    habitRow,
    fieldsOf,
    sql`
      select household_id as "householdId", complete_until as "completeUntil", pauses, days,
             recent_pauses as "recentPauses", recent_days as "recentDays"
      from home_habit
      where household_id = any (${householdIds}::bigint[]) and version = ${HABIT_VERSION}
    `,
  );
  return rows.map(keptHabit);
}

function fieldsOf([householdId, completeUntil, pauses, days, recentPauses, recentDays]: BinaryRow): HabitRow {
  return {
    householdId: int8Field(householdId),
    completeUntil: dateField(completeUntil),
    pauses: bytesField(pauses),
    days: bytesField(days),
    recentPauses: bytesField(recentPauses),
    recentDays: bytesField(recentDays),
  };
}

function keptHabit({ householdId, completeUntil, pauses, days, recentPauses, recentDays }: HabitRow): KeptHabit {
  return {
    householdId,
    habit: {
      untilMs: completeUntil.getTime(),
      pauses: wordsOf(pauses, recentPauses),
      days: joinPacked(days, recentDays),
    },
    written: { pauses: pauses.length / WORD_BYTES, days: days.length },
  };
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

/**
 * The words of two columns, one after the other; the server's bytes do not lie where words may. They are kept in the order
 * of bytes of the machine that wrote them, which is the same for all that share a database.
 */
function wordsOf(first: Uint8Array, second: Uint8Array): Uint32Array {
  const words = new Uint32Array((first.length + second.length) / WORD_BYTES);
  const bytes = new Uint8Array(words.buffer);
  bytes.set(first);
  bytes.set(second, first.length);
  return words;
}

/** The same bytes, as `pg` takes them. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
