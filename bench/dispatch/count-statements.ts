import type { DbPool } from '../../src/db/sql.ts';

/** Counts the statements that a pool's connections are given from now on, `begin` and `commit` among them. */
export function countStatements(pool: DbPool): () => number {
  let count = 0;
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      count += 1;
      return query(...args);
    }) as typeof client.query;
  });
  return () => count;
}
