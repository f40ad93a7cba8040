import { z } from 'zod';
import { DRIFT_MEASURES, type RoutineDrift } from '../domain/habit/routine-drift.ts';
import { type Db, execute, many, sql, type Tx } from './sql.ts';

const absenceRow = z.object({ householdId: z.number(), fromAt: z.date(), untilAt: z.date() });

/** The absences of these homes, as long as they lasted or are to last. */
export function absencesOf(db: Db, householdIds: readonly number[]): Promise<z.output<typeof absenceRow>[]> {
  return many(
    db,
    absenceRow,
    sql`
      select household_id as "householdId", away_from as "fromAt", coalesce(ended_at, away_until) as "untilAt"
      from absence where household_id = any (${householdIds})
    `,
  );
}

export interface NotedDrift {
  readonly householdId: number;
  readonly drift: RoutineDrift;
}

/** Writes homes on the list of a week, once. */
export async function noteDrifts(tx: Tx, week: string, drifts: readonly NotedDrift[], at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into routine_drift (household_id, noted_at, week, measure, evidence)
      select household_id, ${at}, ${week}::date, evidence::jsonb ->> 'measure', evidence::jsonb
      from unnest(${drifts.map(({ householdId }) => householdId)}::bigint[],
                  ${drifts.map(({ drift }) => JSON.stringify(drift))}::text[]) as noted (household_id, evidence)
      on conflict do nothing
    `,
  );
}

const evidence = z.object({
  measure: z.enum(DRIFT_MEASURES),
  cusum: z.number(),
  sinceMs: z.number(),
  usual: z.number(),
  lately: z.number(),
  days: z.number(),
});

const listedRow = z.object({
  week: z.string(),
  code: z.string(),
  community: z.string(),
  tier: z.number(),
  timeZone: z.string(),
  evidence,
});
export type ListedDrift = z.output<typeof listedRow>;

/** The list of a week (its Monday, as in `2026-03-02`), or the newest; the homes that changed the most first. */
export function listDrifts(
  db: Db,
  { week, community, limit }: { readonly week?: string; readonly community?: string; readonly limit: number },
): Promise<ListedDrift[]> {
  return many(
    db,
    listedRow,
    sql`
      select to_char(week, 'YYYY-MM-DD') as week, household.code, community.code as community, tier,
             time_zone as "timeZone", evidence
      from routine_drift
      join household on household.id = household_id
      join community on community.id = household.community_id
      where week = coalesce(${week ?? null}::date, (select max(week) from routine_drift))
        and (${community ?? null}::text is null or community.code = ${community ?? null})
      order by (evidence ->> 'cusum')::float8 desc, household.code, measure limit ${limit}
    `,
  );
}
