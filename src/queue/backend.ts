import {
  createPostgresBackend,
  DEFAULT_SCHEMA,
  type PgPool,
  type Processor,
  Queue,
  runMigrations,
  Worker,
} from 'bullmq';
import { Redis } from 'ioredis';
import { AppError, messageOf } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Secret } from '../core/secret.ts';

/**
 * Where BullMQ keeps its queues: Redis, or the database that the service has anyway.
 *
 * The pool is for BullMQ alone: each worker holds one of its connections, and its search_path must be
 * `QUEUE_SCHEMA`, because BullMQ's statements name no schema.
 */
export type QueueStore = { readonly redisUrl: Secret } | { readonly pool: QueuePool };

/** A pool of `pg`, as BullMQ describes it. */
export type QueuePool = PgPool;

const LONGEST_RECONNECT_MS = 3_000;

export const QUEUE_SCHEMA: string = DEFAULT_SCHEMA;

export interface JobQueue {
  readonly upsertJobScheduler: (
    id: string,
    repeat: { every: number },
    template: { name: string; data: object; opts: { removeOnComplete: number; removeOnFail: number } },
  ) => Promise<unknown>;
  readonly add: (
    name: string,
    data: object,
    opts: { removeOnComplete: boolean; removeOnFail: boolean },
  ) => Promise<unknown>;
  /** `next` is when the schedule's next job is to run, in milliseconds since 1970 of the machine's clock. */
  readonly getJobScheduler: (id: string) => Promise<{ readonly next?: number } | undefined>;
  /** A job that is still to run, or ran lately. */
  readonly getJob: (id: string) => Promise<object | undefined>;
  readonly close: () => Promise<void>;
}

export interface JobWorker {
  /** Waits for the job under way. */
  readonly close: () => Promise<void>;
}

/** The two things the service uses of BullMQ, on either store. */
export interface QueueBackend {
  /**
   * Creates or updates what the store needs. Safe at every start and from several processes at once.
   *
   * @throws AppError `service_unreachable` when there is no Redis behind its URL.
   */
  readonly prepare: () => Promise<void>;
  readonly queue: (name: string) => JobQueue;
  readonly worker: (name: string, process: Processor) => JobWorker;
  /** From now on a lost store is not looked for any more. Call it before closing: closing waits for the connection. */
  readonly stopReconnecting: () => void;
}

/** An outage of the store is logged and lived through: the schedule's watchdog runs the jobs meanwhile. */
export function createQueueBackend(store: QueueStore, log: Logger): QueueBackend {
  return 'pool' in store ? postgresBackend(store.pool, log) : redisBackend(store.redisUrl, log);
}

function redisBackend(url: Secret, log: Logger): QueueBackend {
  let isStopping = false;
  // BullMQ closes connections it opened itself; a worker waits without a limit of retries, a queue must fail.
  const connection = (maxRetriesPerRequest: number | null) => ({
    url: url.reveal(),
    maxRetriesPerRequest,
    retryStrategy: (attempt: number) => (isStopping ? null : Math.min(attempt * 200, LONGEST_RECONNECT_MS)),
  });
  return {
    prepare: async () => {
      const redis = new Redis(url.reveal(), { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
      let reason: unknown;
      redis.on('error', (error) => (reason = error));
      try {
        await redis.connect();
        await redis.ping();
      } catch (cause) {
        // "Connection is closed" says less than the error that closed it.
        throw unreachable(reason ?? cause);
      } finally {
        redis.disconnect();
      }
    },
    queue: (name) => quiet(new Queue(name, { connection: connection(1) }), log),
    worker: (name, process) => quiet(new Worker(name, process, { connection: connection(null), concurrency: 1 }), log),
    stopReconnecting: () => {
      isStopping = true;
    },
  };
}

function unreachable(cause: unknown): AppError {
  return new AppError('service_unreachable', `Redis cannot be used: ${messageOf(cause)}`, { cause, retryable: true });
}

function postgresBackend(pool: PgPool, log: Logger): QueueBackend {
  return {
    prepare: async () => {
      const client = await pool.connect();
      try {
        await runMigrations(client, QUEUE_SCHEMA);
      } finally {
        client.release();
      }
    },
    queue: (name) => quiet(new Queue(name, { connection: pool }, createPostgresBackend), log),
    worker: (name, process) =>
      quiet(new Worker(name, process, { connection: pool, concurrency: 1 }, createPostgresBackend), log),
    stopReconnecting: () => undefined,
  };
}

/** Without a listener an `error` event ends the process. */
function quiet<Emitter extends JobQueue | JobWorker>(emitter: Emitter & NodeJS.EventEmitter, log: Logger): Emitter {
  emitter.on('error', (error: Error) => log.warn({ err: error }, 'the job queue has trouble'));
  return emitter;
}
