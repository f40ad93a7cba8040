import { z } from 'zod';
import { type Db, execute, many, sql } from './sql.ts';

const upkeepRow = z.object({ task: z.enum(['roll_up', 'retention', 'survey', 'drift']), finishedAt: z.date() });

/** A job that nobody waits for, and when it last came to its end. */
export type UpkeepRun = z.output<typeof upkeepRow>;

/** Notes that a job came to its end. */
export async function noteUpkeep(db: Db, task: UpkeepRun['task'], at: Date): Promise<void> {
  await execute(
    db,
    sql`
      insert into upkeep_run (task, finished_at) values (${task}, ${at})
      on conflict (task) do update set finished_at = excluded.finished_at
    `,
  );
}

/** When each job last came to its end; one that never did is missing. */
export function upkeepRuns(db: Db): Promise<UpkeepRun[]> {
  return many(db, upkeepRow, sql`select task, finished_at as "finishedAt" from upkeep_run`);
}
