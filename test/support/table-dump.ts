import { createHash } from 'node:crypto';
import type { DbPool } from '../../src/db/sql.ts';

/**
 * A fingerprint of every row of every table, but for those that are left out: two that are equal mean that nothing was
 * written between them.
 */
export async function fingerprintOf(pool: DbPool, leftOut: readonly string[] = []): Promise<Record<string, string>> {
  const { rows } = await pool.query(
    `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const prints: Record<string, string> = {};
  for (const { table_name: table } of rows as { table_name: string }[]) {
    if (leftOut.includes(table)) continue;
    const dump = await pool.query(`select t::text as row, xmin::text from "${table}" as t order by 1, 2`);
    prints[table] = createHash('sha256').update(JSON.stringify(dump.rows)).digest('hex');
  }
  return prints;
}
