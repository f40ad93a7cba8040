import pg from 'pg';
import type { Logger } from '../core/logger.ts';
import type { Secret } from '../core/secret.ts';
import { QUEUE_SCHEMA, type QueuePool, type QueueStore } from '../queue/backend.ts';

/**
 * Each job's worker keeps one connection to listen on, and there are eleven jobs; their queues take others for moments.
 * With fewer than that, jobs wait for a connection that never comes, and only the watchdog runs them.
 */
const POOL_SIZE = 20;

export interface OpenQueueStore {
  readonly store: QueueStore;
  readonly close: () => Promise<void>;
}

/** Redis where a URL is given, otherwise the database, through connections of BullMQ's own. */
export function openQueueStore(redisUrl: Secret | undefined, databaseUrl: Secret, log: Logger): OpenQueueStore {
  if (redisUrl) return { store: { redisUrl }, close: () => Promise.resolve() };
  const pool = new pg.Pool({
    connectionString: databaseUrl.reveal(),
    max: POOL_SIZE,
    keepAlive: true,
    options: `-c search_path=${QUEUE_SCHEMA}`,
  });
  // Every queue and every worker listens to it, and there are two for each job.
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection of the job queue broke'));
  pool.on('connect', (client) => {
    client.on('error', (error) => log.warn({ err: error }, 'a connection of the job queue broke'));
  });
  // BullMQ describes the part of pg it uses in types of its own, which pg's overloads do not match to the letter.
  return { store: { pool: pool as unknown as QueuePool }, close: () => pool.end() };
}
