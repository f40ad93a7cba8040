import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

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
export async function endAbsence(db: Db, end: AbsenceEnd): Promise<number> {
  return (await endAbsences(db, end)).length;
}

const endedRow = z.object({ declaredBy: z.number().nullable() });

/** As `endAbsence`; returns whose word each of the ended absences was. */
export function endAbsences(db: Db, { householdId, at, by }: AbsenceEnd): Promise<z.output<typeof endedRow>[]> {
  return many(
    db,
    endedRow,
    sql`
      update absence set ended_at = ${at}, ended_by = ${by}
      where household_id = ${householdId} and away_from <= ${at} and away_until > ${at} and ended_at is null
      returning declared_by as "declaredBy"
    `,
  );
}

const listedRow = z.object({
  code: z.string(),
  awayFrom: z.date(),
  awayUntil: z.date(),
  saidBy: z.string().nullable(),
  source: z.enum(['page', 'import', 'operator']),
  endedAt: z.date().nullable(),
  endedBy: z.enum(['water', 'person']).nullable(),
});

/** An absence with the home's code and the name of whoever declared it. */
export type ListedAbsence = z.output<typeof listedRow>;

/** The absences that stand at `at` or are to come; with `all` also those that are over. The soonest to end come first. */
export function listAbsences(
  db: Db,
  { at, all, limit }: { readonly at: Date; readonly all: boolean; readonly limit: number },
): Promise<ListedAbsence[]> {
  return many(
    db,
    listedRow,
    sql`
      select household.code, away_from as "awayFrom", away_until as "awayUntil", person.name as "saidBy", source,
             ended_at as "endedAt", ended_by as "endedBy"
      from absence
      join household on household.id = absence.household_id
      left join person on person.id = declared_by
      where ${all} or (ended_at is null and away_until > ${at})
      order by coalesce(ended_at, away_until), household.code limit ${limit}
    `,
  );
}
