import { z } from 'zod';
import { absent } from './absent.ts';
import { CAUSES, OUTCOMES } from '../domain/alerting/outcome.ts';
import { type Db, many, maybeOne, one, sql, type Tx } from './sql.ts';

const TIER = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const homeRow = z.object({ tier: TIER, step: z.number(), loweredAt: absent(z.date()) });

/** The sensitivity of a home, and when it was last lowered by something that stands. The home is locked. */
export function lockSensitivity(tx: Tx, householdId: number): Promise<z.output<typeof homeRow>> {
  return one(
    tx,
    homeRow,
    sql`
      select tier,
             coalesce((select to_step from lesson where household_id = household.id order by id desc limit 1), 0) as step,
             (select max(learned_at) from lesson
              where household_id = household.id and to_step < from_step and undoes is null
                and not exists (select from lesson as undo where undo.undoes = lesson.id)) as "loweredAt"
      from household where id = ${householdId}
      for no key update
    `,
  );
}

export interface Lesson {
  readonly householdId: number;
  readonly alertId: number;
  /** Undefined when somebody undid one by hand. */
  readonly verificationId: number | undefined;
  readonly fromStep: number;
  readonly toStep: number;
  readonly run?: { readonly fromMs: number; readonly untilMs: number } | undefined;
  readonly undoes?: number;
}

/** Adds a line to what is learned of a home. Returns its number. */
export async function insertLesson(tx: Tx, lesson: Lesson, at: Date): Promise<number> {
  const { householdId, alertId, verificationId, fromStep, toStep, run, undoes } = lesson;
  const { id } = await one(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into lesson (household_id, alert_id, verification_id, learned_at, from_step, to_step, run_from, run_until, undoes)
      values (${householdId}, ${alertId}, ${verificationId ?? null}, ${at}, ${fromStep}, ${toStep},
              ${run ? new Date(run.fromMs) : null}, ${run ? new Date(run.untilMs) : null}, ${undoes ?? null})
      returning id
    `,
  );
  return id;
}

const lessonRow = z.object({
  id: z.number(),
  householdId: z.number(),
  alertId: z.number(),
  fromStep: z.number(),
  toStep: z.number(),
  leavesRunOut: z.boolean(),
});
export type StandingLesson = z.output<typeof lessonRow>;

/** What an alert has taught, or the lesson of this number; undefined where it is undone, or itself undoes one. */
export function standingLesson(
  db: Db,
  wanted: { readonly alertId: number } | { readonly id: number },
): Promise<StandingLesson | undefined> {
  const { alertId = null, id = null } = { alertId: undefined, id: undefined, ...wanted };
  return maybeOne(
    db,
    lessonRow,
    sql`
      select id, household_id as "householdId", alert_id as "alertId", from_step as "fromStep", to_step as "toStep",
             run_from is not null as "leavesRunOut"
      from lesson
      where (alert_id = ${alertId}::bigint or id = ${id}::bigint) and undoes is null
        and not exists (select from lesson as undo where undo.undoes = lesson.id)
    `,
  );
}

const answerRow = z.object({ outcome: z.enum(OUTCOMES), cause: absent(z.enum(CAUSES)) });

/** The answers to an alert that nobody has taken back, oldest first. */
export function standingAnswers(tx: Tx, alertId: number): Promise<z.output<typeof answerRow>[]> {
  return many(
    tx,
    answerRow,
    sql`
      select outcome, cause from verification
      where alert_id = ${alertId} and not exists (select from verification as later where later.corrects = verification.id)
      order by id
    `,
  );
}

const learnedRow = z.object({
  householdId: z.number(),
  at: z.date(),
  step: absent(z.number()),
  fromAt: absent(z.date()),
  untilAt: absent(z.date()),
  undoneAt: absent(z.date()),
});

/** A step of a home's sensitivity from a time on, or a time that is left out of what its people usually do. */
export type LearnedRow = z.output<typeof learnedRow>;

/** All that is learned of these homes, in the order of time: lessons, and the absences they had. */
export function learnedOf(db: Db, householdIds: readonly number[]): Promise<LearnedRow[]> {
  return many(
    db,
    learnedRow,
    sql`
      select * from (
        (select distinct on (household_id, learned_at) household_id as "householdId", learned_at as at, to_step as step,
                null::timestamptz as "fromAt", null::timestamptz as "untilAt", null::timestamptz as "undoneAt"
         from lesson where household_id = any (${householdIds})
         order by household_id, learned_at, id desc)
        union all
        select lesson.household_id, lesson.learned_at, null, lesson.run_from, lesson.run_until, undo.learned_at
        from lesson left join lesson as undo on undo.undoes = lesson.id
        where lesson.household_id = any (${householdIds}) and lesson.run_from is not null
        union all
        select household_id, away_from, null, away_from, coalesce(ended_at, away_until), null
        from absence where household_id = any (${householdIds})
      ) learned
      order by "householdId", at
    `,
  );
}

const listedRow = lessonRow.extend({
  code: z.string(),
  learnedAt: z.date(),
  outcome: absent(z.enum(OUTCOMES)),
  cause: absent(z.enum(CAUSES)),
  undoes: absent(z.number()),
  undoneBy: absent(z.number()),
});
export type ListedLesson = z.output<typeof listedRow>;

/** The newest lines of what was learned, of one home or of all. */
export function listLessons(
  db: Db,
  { code, limit }: { readonly code: string | undefined; readonly limit: number },
): Promise<ListedLesson[]> {
  return many(
    db,
    listedRow,
    sql`
      select lesson.id, lesson.household_id as "householdId", lesson.alert_id as "alertId", lesson.from_step as "fromStep",
             lesson.to_step as "toStep", lesson.run_from is not null as "leavesRunOut", household.code,
             lesson.learned_at as "learnedAt", verification.outcome, verification.cause, lesson.undoes,
             undo.id as "undoneBy"
      from lesson
      join household on household.id = lesson.household_id
      left join verification on verification.id = lesson.verification_id
      left join lesson as undo on undo.undoes = lesson.id
      where ${code ?? null}::text is null or household.code = ${code ?? null}
      order by lesson.id desc limit ${limit}
    `,
  );
}
