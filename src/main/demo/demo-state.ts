import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { recordAuditEntry } from '../../db/audit-entries.ts';
import { countHouseholds, dropEverything, latestAuditEntry } from '../../db/demo.ts';
import { migrate } from '../../db/migrate.ts';
import type { DbPool } from '../../db/sql.ts';

/** Where a demonstration that was broken off left its town. */
export interface DemoRun {
  readonly seed: number;
  /** A moment in the day that is played. */
  readonly startAt: Date;
  /** Whether its back-fill is to be finished, and not begun. */
  readonly isResumed: boolean;
}

const LOADING = 'demo.loading';
const LOADED = 'demo.loaded';
const detail = z.object({ seed: z.number(), startAt: z.coerce.date() });

interface DemoStateOptions {
  readonly seed: number;
  readonly now: Date;
  readonly timeZone: string;
  /** Whether the database is ours to empty. */
  readonly isEmbedded: boolean;
}

/**
 * Decides which town is played: a back-fill of the same town that was broken off goes on; anything else begins anew on
 * an empty database.
 *
 * @throws AppError `demo_refused` when a database that is not the embedded one holds anything: nobody's data is lost to
 * a demonstration.
 */
export async function prepareDemoRun(pool: DbPool, options: DemoStateOptions): Promise<DemoRun> {
  const { seed, now, timeZone, isEmbedded } = options;
  await migrate(pool, timeZone);
  const last = await latestAuditEntry(pool, [LOADING, LOADED]);
  const stood = last?.action === LOADING ? detail.parse(last.detail) : undefined;
  if (stood?.seed === seed) return { ...stood, isResumed: true };

  if ((await countHouseholds(pool)) > 0) {
    if (!isEmbedded) {
      throw new AppError('demo_refused', 'DATABASE_URL holds homes already: the demo needs an empty database');
    }
    await dropEverything(pool);
    await migrate(pool, timeZone);
  }
  await record(pool, LOADING, { seed, startAt: now }, now);
  return { seed, startAt: now, isResumed: false };
}

/** The back-fill is complete: the next start begins a new town. */
export function markDemoLoaded(pool: DbPool, { seed, startAt }: DemoRun, at: Date): Promise<void> {
  return record(pool, LOADED, { seed, startAt }, at);
}

function record(pool: DbPool, action: string, run: { seed: number; startAt: Date }, at: Date): Promise<void> {
  return recordAuditEntry(pool, { at, actor: 'demo', action, subject: 'demo', detail: run });
}
