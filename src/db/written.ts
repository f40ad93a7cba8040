import { z } from 'zod';
import { type Db, many, type Statement } from './sql.ts';

/** Which of the given rows were new and which were other than before, by their key. The rest was so already. */
export interface Written {
  readonly added: readonly string[];
  readonly changed: readonly string[];
}

const writtenRow = z.object({ key: z.string(), added: z.boolean() });

/**
 * Runs an upsert that returns `key` and `added` for each row it really wrote. PostgreSQL gives a row it inserted no
 * xmax, and one it updated on conflict the xmax of this transaction: `xmax = 0 as added`.
 */
export async function written(tx: Db, upsert: Statement): Promise<Written> {
  const rows = await many(tx, writtenRow, upsert);
  const keysOf = (added: boolean) => rows.filter((row) => row.added === added).map(({ key }) => key);
  return { added: keysOf(true), changed: keysOf(false) };
}
