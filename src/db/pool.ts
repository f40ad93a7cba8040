import pg from 'pg';
import type { Logger } from '../core/logger.ts';
import type { Secret } from '../core/secret.ts';
import type { DbPool } from './sql.ts';

const STATEMENT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Reads int8 as a number: ids and litres stay far below 2^53, and one that did not would be refused, not rounded. */
function parseInt8(text: string): number {
  const parsed = Number(text);
  if (!Number.isSafeInteger(parsed)) throw new RangeError('an int8 from the database is beyond 2^53');
  return parsed;
}

/** A pool of connections whose int8 columns come as numbers and whose sessions run in UTC. */
export function createPool(url: Secret, size: number, log: Logger): DbPool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, parseInt8);
  const pool = new pg.Pool({
    types,
    connectionString: url.reveal(),
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    options: `-c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  });
  // An idle connection that the server closes is replaced by the next query; without a listener it ends the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'));
  return pool;
}
