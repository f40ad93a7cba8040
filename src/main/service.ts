import type { Config } from '../config/config.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { ping } from '../db/installation.ts';
import { lacksMigrations, migrate } from '../db/migrate.ts';
import { createPool, type PoolOptions } from '../db/pool.ts';
import { countRepair } from '../db/repairs.ts';
import type { DbPool } from '../db/sql.ts';
import { SECOND_MS } from '../domain/time.ts';
import { type Ingest, type IngestDeps, startIngest } from '../ingest/start-ingest.ts';
import type { KeptText } from '../notify/channels/phones-inbox.ts';
import { createQueueBackend } from '../queue/backend.ts';
import * as queueJobs from '../queue/jobs.ts';
import { type ScheduledJob, type ScheduleDeps, startScheduledJob } from '../queue/schedule.ts';
import { type JobWaker, startJobWaker } from '../queue/wake-job.ts';
import { codeKeyFor } from './code-key.ts';
import { loadDecoders } from './decoders.ts';
import { preferredPort } from './embedded/free-port.ts';
import { brokerUrl, type Infrastructure } from './infrastructure.ts';
import { scheduledJobs } from './jobs.ts';
import { createMetrics, type Metrics } from '../web/health/metrics.ts';
import { followPolicy } from './policies.ts';
import { openQueueStore } from './queue-store.ts';
import type { ServiceRole } from './roles.ts';
import { createSms } from './sms.ts';
import { startWeb } from './web.ts';

export interface ServiceOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly roles: readonly ServiceRole[];
  readonly infrastructure: Infrastructure;
}

export interface Service {
  /** Where people reach the pages. */
  readonly publicBaseUrl: string;
  /** Where this process answers for its health and gives its metrics. */
  readonly localUrl: string;
  readonly pool: DbPool;
  /** The scheduled jobs of the roles. They run by themselves after `scheduleJobs`; a simulation runs them by hand. */
  readonly jobs: readonly ScheduledJob[];
  readonly scheduleJobs: () => Promise<void>;
  /** Undefined without the role `ingest`. */
  readonly ingest: Ingest | undefined;
  /** The texts of the log driver; none with another. */
  readonly texts: () => readonly KeptText[];
  /** Lets go of everything in the opposite order of starting, and waits for the work under way. */
  readonly stop: () => Promise<void>;
}

const USUAL_HTTP_PORT = 3000;
/** Each role has connections of its own, so that a busy page cannot keep readings or alerts waiting. */
type PoolUser = ServiceRole | 'readingsOverHttp';
const POOL_SIZES: Readonly<Record<PoolUser, number>> = {
  ingest: 4,
  detect: 4,
  notify: 10,
  web: 8,
  readingsOverHttp: 2,
};

/** Who stores readings tries again, and had better do so soon than wait for a connection that was lost on the way. */
const STORES_READINGS = { answerWithinMs: 10 * SECOND_MS, idleInTransactionMs: 10 * SECOND_MS };
const MAY_FREEZE = { idleInTransactionMs: 30 * SECOND_MS };
const POOL_OPTIONS: Partial<Record<PoolUser, PoolOptions>> = {
  // Another process takes the homes, the alerts and the texts of one that froze in the middle of a transaction.
  detect: MAY_FREEZE,
  notify: MAY_FREEZE,
  web: MAY_FREEZE,
  ingest: STORES_READINGS,
  readingsOverHttp: STORES_READINGS,
};

/** Starts the roles asked for, all but their jobs. Whatever was started is stopped again when a later part fails. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const stopPart of stops.splice(0).toReversed()) {
      await stopPart().catch((error: unknown) =>
        options.log.error({ err: error }, 'a part of the service did not stop'),
      );
    }
  };
  try {
    return { ...(await start(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  { config, clock, log, roles, infrastructure }: ServiceOptions,
  stops: (() => Promise<unknown>)[],
): Promise<Omit<Service, 'stop'>> {
  const poolFor = (user: PoolUser): DbPool => {
    const pool = createPool(infrastructure.databaseUrl, POOL_SIZES[user], log, POOL_OPTIONS[user]);
    stops.push(() => pool.end());
    return pool;
  };
  const shared = poolFor('detect');
  await bringUpToDate(shared, config);

  // Port 0 asks for any free one: it must be known before the first link is written.
  const port = config.http.port || (await preferredPort(config.http.port ?? USUAL_HTTP_PORT));
  const publicBaseUrl = addressFor(config, roles, port);
  const sms = await createSms(config, publicBaseUrl, { clock, log });
  const metrics = createMetrics();
  const decoders = loadDecoders(config.decoderFile);
  const codeKey = codeKeyFor(config);
  const policyNow = await followPolicy(shared, config.policyFile, log);
  const jobs = scheduledJobs({
    policyNow,
    detect: {
      pool: shared,
      clock,
      log,
      ...(await policyNow()),
    },
    dispatch: {
      pool: poolFor('notify'),
      clock,
      log,
      gateway: sms.gateways[0],
      fallbacks: sms.gateways.slice(1),
      voice: sms.voice,
      publicBaseUrl,
      codeKey,
      limits: config.smsLimits,
    },
    sendsTexts: roles.includes('notify'),
    everyMs: config.everyMs,
    keptDays: config.readingsKeptDays,
    timeZone: config.timeZone,
    onDetectorRun: (seconds, homes) => metrics.observeDetectorRun(seconds, homes),
    decoders,
  }).filter(({ role }) => roles.includes(role));

  const pagesPool = poolFor('web');
  const checks = { database: () => ping(pagesPool) };
  const hasPages = roles.includes('web');
  const readingsPool = poolFor('readingsOverHttp');
  stops.push(
    await startWeb({
      config,
      clock,
      log,
      pool: pagesPool,
      readingsPool,
      sms,
      metrics,
      codeKey,
      checks,
      port,
      hasPages,
    }),
  );
  // Nothing is woken before the jobs are scheduled: what comes until then is noted, and waits for the first of them.
  const news: { waker?: JobWaker } = {};
  const onNews = () => news.waker?.wake();
  const ingest = roles.includes('ingest')
    ? await ingestFrom(config, infrastructure, { pool: poolFor('ingest'), clock, log, decoders }, { metrics, onNews })
    : undefined;
  if (ingest) stops.push(() => ingest.stop());
  const scheduleJobs = async () => {
    const onLost = () => countRepair(shared, 'job_lost', 1, clock.now());
    const { waker, stop } = await schedule(jobs, config, infrastructure, { log, onLost });
    news.waker = waker;
    stops.push(stop);
  };
  return {
    publicBaseUrl,
    localUrl: `http://${config.http.host}:${port}`,
    pool: shared,
    jobs,
    scheduleJobs,
    ingest,
    texts: () => sms.inbox?.texts() ?? [],
  };
}

/**
 * The embedded database is ours to change. One that others share is changed only when somebody says so: an old process
 * and a new schema must not meet by accident.
 *
 * @throws AppError `database_not_migrated`.
 */
async function bringUpToDate(pool: DbPool, { database, timeZone }: Config): Promise<void> {
  if (database.url === undefined) await migrate(pool, timeZone);
  else if (await lacksMigrations(pool)) {
    throw new AppError(
      'database_not_migrated',
      'the database lacks migrations: run stillwater migrate, then start again',
    );
  }
}

/**
 * Where links in texts lead.
 *
 * @throws AppError `config_invalid` for a process that sends texts but has no page, and was not told where the pages are.
 */
function addressFor({ http }: Config, roles: readonly ServiceRole[], port: number): string {
  if (http.publicBaseUrl !== undefined) return http.publicBaseUrl;
  if (roles.includes('notify') && !roles.includes('web')) {
    throw new AppError('config_invalid', 'PUBLIC_BASE_URL: a process with the role notify and without web needs it');
  }
  return `http://${http.host}:${port}`;
}

function ingestFrom(
  { mqtt, readingsKeptDays: keptDays }: Config,
  infrastructure: Infrastructure,
  deps: Pick<IngestDeps, 'pool' | 'clock' | 'log' | 'decoders'>,
  { metrics, onNews }: { readonly metrics: Metrics; readonly onNews: () => void },
): Promise<Ingest> {
  const { username, password, clientId, sharedGroup } = mqtt;
  return startIngest({
    ...deps,
    keptDays,
    onStored: ({ stored, lastReadAtMs }) => {
      const nowMs = deps.clock.now().getTime();
      metrics.countStored(stored);
      if (stored > 0) onNews();
      for (const atMs of lastReadAtMs) metrics.observeReadingAge((nowMs - atMs) / SECOND_MS);
    },
    mqtt: { url: brokerUrl(infrastructure), username, password: password?.reveal(), clientId, sharedGroup },
  });
}

async function schedule(
  jobs: readonly ScheduledJob[],
  config: Config,
  { databaseUrl }: Infrastructure,
  { log, onLost }: Pick<ScheduleDeps, 'log' | 'onLost'>,
): Promise<{ readonly waker: JobWaker; readonly stop: () => Promise<void> }> {
  const { store, close } = openQueueStore(config.redis.url, databaseUrl, log);
  const backend = createQueueBackend(store, log);
  await backend.prepare();
  const deps = { backend, log, onLost, machineClock: systemClock };
  const waker = startJobWaker(backend, queueJobs.detect, log);
  const stopJobs = jobs.map((job) => startScheduledJob(deps, job));
  const stop = async () => {
    await Promise.all([waker.stop(), ...stopJobs.map((stopJob) => stopJob())]);
    await close();
  };
  return { waker, stop };
}
