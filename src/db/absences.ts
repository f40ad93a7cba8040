import { type Db, execute, sql } from './sql.ts';

export interface Absence {
  readonly householdId: number;
  readonly awayFrom: Date;
  /** Must be later than `awayFrom`: every absence ends. */
  readonly awayUntil: Date;
  /** The person whose word it is; undefined when it came from a file or an operator. */
  readonly declaredBy: number | undefined;
  readonly source: 'page' | 'import' | 'operator';
}

/** Writes that a home is empty from and until a time. */
export async function insertAbsence(db: Db, absence: Absence): Promise<void> {
  const { householdId, awayFrom, awayUntil, declaredBy, source } = absence;
  await execute(
    db,
    sql`
      insert into absence (household_id, away_from, away_until, declared_by, source)
      values (${householdId}, ${awayFrom}, ${awayUntil}, ${declaredBy ?? null}, ${source})
    `,
  );
}

export interface AbsenceEnd {
  readonly householdId: number;
  readonly at: Date;
  /** What showed that they are back: water that ran, or somebody's word. */
  readonly by: 'water' | 'person';
}

/**
 * Ends the absences that run at `at`; those that only begin later stand. Returns how many were ended: none when the
 * home was not away.
 */
export function endAbsence(db: Db, { householdId, at, by }: AbsenceEnd): Promise<number> {
  return execute(
    db,
    sql`
      update absence set ended_at = ${at}, ended_by = ${by}
      where household_id = ${householdId} and away_from <= ${at} and away_until > ${at} and ended_at is null
    `,
  );
}
