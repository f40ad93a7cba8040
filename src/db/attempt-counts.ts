import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

export interface AttemptSubject {
  readonly subject: 'address' | 'digits' | 'everybody' | 'link';
  /** A keyed hash: 32 bytes. */
  readonly subjectHash: Buffer;
}

const countRow = z.object({ subject: z.enum(['address', 'digits', 'everybody', 'link']), attempts: z.number() });
export type AttemptCount = z.output<typeof countRow>;

/**
 * Counts one attempt for each subject in the window that began at `windowStart`, and yields what each has come to. It
 * counts before anybody looks, so that a thousand attempts at once are a thousand.
 */
export function countAttempt(db: Db, subjects: readonly AttemptSubject[], windowStart: Date): Promise<AttemptCount[]> {
  // Always in the same order: two attempts that share subjects wait for each other and never for ever.
  const sorted = subjects.toSorted((a, b) => a.subject.localeCompare(b.subject));
  return many(
    db,
    countRow,
    sql`
      insert into attempt_count (subject, subject_hash, window_start, attempts)
      select subject, subject_hash, ${windowStart}, 1
      from unnest(${sorted.map(({ subject }) => subject)}::text[], ${sorted.map(({ subjectHash }) => subjectHash)}::bytea[])
        as attempt (subject, subject_hash)
      on conflict (subject, subject_hash, window_start) do update set attempts = attempt_count.attempts + 1
      returning subject, attempts
    `,
  );
}

/** Takes an attempt back that turned out to be none: only wrong ones are to count. */
export async function uncountAttempt(db: Db, subjects: readonly AttemptSubject[], windowStart: Date): Promise<void> {
  await execute(
    db,
    sql`
      with counted as (
        select subject, subject_hash from attempt_count
        where window_start = ${windowStart}
          and (subject, subject_hash) in (
            select * from unnest(${subjects.map(({ subject }) => subject)}::text[],
                                 ${subjects.map(({ subjectHash }) => subjectHash)}::bytea[]))
        order by subject
        for update
      )
      update attempt_count set attempts = greatest(attempts - 1, 0)
      from counted
      where attempt_count.subject = counted.subject and attempt_count.subject_hash = counted.subject_hash
        and window_start = ${windowStart}
    `,
  );
}

/** Forgets the windows that began before `before`. Returns how many counts went. */
export function deleteAttemptCounts(db: Db, before: Date): Promise<number> {
  return execute(db, sql`delete from attempt_count where window_start < ${before}`);
}
