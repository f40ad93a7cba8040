import pg from 'pg';
import type { Logger } from '../core/logger.ts';
import type { Secret } from '../core/secret.ts';
import type { DbPool } from './sql.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_WITHIN_MS = 62_000;
/** The server gives a statement up this long before we give the server up, and says so. */
const GRACE_MS = 2_000;
/** After so much silence, each end asks whether the other is there. */
const KEEPALIVE_MS = 5_000;

export interface PoolOptions {
  /**
   * A server that has not answered a statement after this long is taken for gone: the statement fails, and its
   * connection is not used again. Networks lose connections without telling either end. A minute when left out.
   */
  readonly answerWithinMs?: number;
  /** A transaction in which nothing happens for so long is ended by the server: we may be gone. Never when left out. */
  readonly idleInTransactionMs?: number;
}

/** Reads int8 as a number: ids and litres stay far below 2^53, and one that did not would be refused, not rounded. */
function parseInt8(text: string): number {
  const parsed = Number(text);
  if (!Number.isSafeInteger(parsed)) throw new RangeError('an int8 from the database is beyond 2^53');
  return parsed;
}

/** A pool of connections whose int8 columns come as numbers and whose sessions run in UTC. */
export function createPool(
  url: Secret,
  size: number,
  log: Logger,
  { answerWithinMs = ANSWER_WITHIN_MS, idleInTransactionMs = 0 }: PoolOptions = {},
): DbPool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, parseInt8);
  const pool = new pg.Pool({
    types,
    connectionString: url.reveal(),
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: answerWithinMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    options: sessionSettings({
      timezone: 'UTC',
      statement_timeout: answerWithinMs - GRACE_MS,
      idle_in_transaction_session_timeout: idleInTransactionMs,
      // Without these a server keeps the locks of a client that has vanished for two hours.
      tcp_keepalives_idle: KEEPALIVE_MS / 1_000,
      tcp_keepalives_interval: KEEPALIVE_MS / 1_000,
      tcp_keepalives_count: 2,
    }),
  });
  // An idle connection that the server closes is replaced by the next query; without a listener it ends the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'));
  // The same for one that somebody holds between two statements: the next statement fails, and that is enough.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.warn({ err: error }, 'a database connection broke'));
  });
  return pool;
}

function sessionSettings(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([name, setting]) => `-c ${name}=${setting}`)
    .join(' ');
}
