import { z } from 'zod';
import { type Db, execute, maybeOne, one, sql } from './sql.ts';

const entryRow = z.object({ action: z.string(), detail: z.unknown() });
export type LatestEntry = z.output<typeof entryRow>;

/** The last thing that was recorded of these actions, if anything was. */
export function latestAuditEntry(db: Db, actions: readonly string[]): Promise<LatestEntry | undefined> {
  return maybeOne(
    db,
    entryRow,
    sql`select action, detail from audit_entry where action = any (${actions}) order by id desc limit 1`,
  );
}

export async function countHouseholds(db: Db): Promise<number> {
  const { count } = await one(db, z.object({ count: z.number() }), sql`select count(*) from household`);
  return count;
}

/** Empties a database that belongs to the demonstration alone: tables, queues and all. */
export async function dropEverything(db: Db): Promise<void> {
  await execute(db, sql`drop schema if exists bullmq cascade`);
  await execute(db, sql`drop schema public cascade`);
  await execute(db, sql`create schema public`);
}
