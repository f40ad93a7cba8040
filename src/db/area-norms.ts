import { z } from 'zod';
import { AREA_CAUSES } from '../domain/area/area-policy.ts';
import type { AreaFigures } from '../domain/area/find-outages.ts';
import { SCOPE_KINDS } from '../domain/area/area-scope.ts';
import { type Db, execute, many, sql } from './sql.ts';

const normRow = z.object({
  kind: z.enum(SCOPE_KINDS),
  name: z.string(),
  cause: z.enum(AREA_CAUSES),
  share: z.number(),
  times: z.number(),
  learntAt: z.date(),
});

/** The share of an area's homes that is usually affected at an hour. */
export type AreaNorm = z.output<typeof normRow>;

/** What is usual at this hour (0 to 23, UTC), in every area. */
export function areaNorms(db: Db, hour: number): Promise<AreaNorm[]> {
  return many(
    db,
    normRow,
    sql`
      select scope_kind as kind, scope as name, cause, share, times, learnt_at as "learntAt"
      from area_norm where hour = ${hour}
    `,
  );
}

/** Moves what is usual at this hour a tenth of the way to what is now; the first days weigh more. */
export async function learnAreaNorms(
  db: Db,
  figures: readonly AreaFigures[],
  { hour, at }: { readonly hour: number; readonly at: Date },
): Promise<void> {
  await execute(
    db,
    sql`
      insert into area_norm as known (scope_kind, scope, cause, hour, share, times, learnt_at)
      select kind, name, cause, ${hour}, share, 1, ${at}
      from unnest(${figures.map(({ scope }) => scope.kind)}::text[], ${figures.map(({ scope }) => scope.name)}::text[],
                  ${figures.map(({ cause }) => cause)}::text[],
                  ${figures.map(({ affected, homes }) => affected / homes)}::real[]) as seen (kind, name, cause, share)
      on conflict (scope_kind, scope, cause, hour) do update
      set share = known.share + (excluded.share - known.share) / least(10, known.times + 1),
          times = known.times + 1, learnt_at = excluded.learnt_at
    `,
  );
}
