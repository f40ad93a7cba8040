import { UnrecoverableError } from 'bullmq';
import type { Clock } from '../core/clock.ts';
import { AppError, messageOf } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { within } from '../core/within.ts';
import type { JobQueue, QueueBackend } from './backend.ts';
import type { JobDefinition } from './jobs.ts';

export interface ScheduledJob {
  readonly definition: JobDefinition;
  readonly everyMs: number;
  /** Must be safe to run twice at once and again after a crash: PostgreSQL decides what is due, not the queue. */
  readonly handle: () => Promise<unknown>;
}

export interface ScheduleDeps {
  readonly backend: QueueBackend;
  readonly log: Logger;
  /** The machine's clock, even where the service's own is turned by hand: BullMQ goes by it. */
  readonly machineClock: Clock;
  /** How long a job may be overdue before this process runs it itself; 20 s by default. */
  readonly patienceMs?: number;
  /** Told of every job that the queue would not have woken. */
  readonly onLost?: ((name: string) => Promise<unknown>) | undefined;
}

const PATIENCE_MS = 20_000;
const MISSED_PERIODS = 3;
/** A store that is down does not refuse: BullMQ waits for it without end. */
const STORE_ANSWERS_WITHIN_MS = 2_000;
/** A job that somebody has deleted is noticed within two minutes, however seldom it comes round. */
const LOOKS_EVERY_MS = 60_000;
const CLOSES_WITHIN_MS = 30_000;

/**
 * Runs `job` at its period through BullMQ, in one of the processes that offer to.
 *
 * A store that is emptied forgets its schedules, and one that is down runs nothing. So a watchdog in each process asks
 * the store when the job is next to run; if the answer is never, long ago or silence, it runs the job itself and puts
 * the schedule back. Returns a function that stops it and waits for the run under way.
 */
export function startScheduledJob(
  deps: ScheduleDeps,
  job: ScheduledJob,
  looksEveryMs = LOOKS_EVERY_MS,
): () => Promise<void> {
  const { backend, log } = deps;
  const { definition, everyMs } = job;
  const queue = backend.queue(definition.name);
  // Not waited for: a store that does not answer must not keep the watchdog from starting.
  void putSchedule(queue, job).catch((error: unknown) =>
    log.warn({ err: error }, `job ${definition.name} is not scheduled yet`),
  );
  const worker = backend.worker(definition.name, async ({ data }) => {
    definition.data.parse(data);
    await job.handle().catch((error: unknown) => fail(log, definition.name, error));
  });

  const patienceMs = Math.max(everyMs * MISSED_PERIODS, deps.patienceMs ?? PATIENCE_MS);
  let rescue: Promise<void> = Promise.resolve();
  const watchdog = setInterval(
    () => {
      rescue = rescue.then(() => rescueIfLost(deps, queue, job, patienceMs));
    },
    Math.min(patienceMs, looksEveryMs),
  );

  return async () => {
    clearInterval(watchdog);
    backend.stopReconnecting();
    await rescue;
    for (const part of [worker, queue]) {
      await within(CLOSES_WITHIN_MS, part.close()).catch((error: unknown) =>
        log.warn({ err: error }, `the queue of job ${definition.name} did not close`),
      );
    }
  };
}

function putSchedule(queue: JobQueue, { definition, everyMs }: ScheduledJob): Promise<unknown> {
  const opts = { removeOnComplete: 10, removeOnFail: 100 };
  const template = { name: definition.name, data: {}, opts };
  return within(STORE_ANSWERS_WITHIN_MS, queue.upsertJobScheduler(definition.name, { every: everyMs }, template));
}

async function rescueIfLost(deps: ScheduleDeps, queue: JobQueue, job: ScheduledJob, patienceMs: number): Promise<void> {
  const { log, machineClock } = deps;
  const { name } = job.definition;
  const state = await within(STORE_ANSWERS_WITHIN_MS, stateOf(queue, name)).catch(() => undefined);
  const isOverdue = state?.next === undefined || state.next <= machineClock.now().getTime() - patienceMs;
  if (!isOverdue && state.hasJob) return;

  log.warn(`job ${name} is not being woken by the queue: ${isOverdue ? 'run directly' : 'scheduled again'}`);
  await deps.onLost?.(name).catch((error: unknown) => log.warn({ err: error }, `job ${name} could not be counted`));
  if (isOverdue) await job.handle().catch((error: unknown) => log.error({ err: error }, `job ${name} failed`));
  await putSchedule(queue, job).catch((error: unknown) =>
    log.warn({ err: error }, `job ${name} could not be scheduled again`),
  );
}

/** When the schedule would have the job run next, and whether the one that would is really there. */
async function stateOf(queue: JobQueue, name: string): Promise<{ next: number | undefined; hasJob: boolean }> {
  const next = (await queue.getJobScheduler(name))?.next;
  const hasJob = next !== undefined && (await queue.getJob(`repeat:${name}:${next}`)) !== undefined;
  return { next, hasJob: hasJob || next === undefined };
}

/** Logs a failed run and tells BullMQ; the next period tries again by itself, so BullMQ need not. */
function fail(log: Logger, name: string, error: unknown): never {
  log.error({ err: error }, `job ${name} failed`);
  const code = error instanceof AppError ? error.code : 'unexpected';
  throw new UnrecoverableError(`${code}: ${messageOf(error)}`);
}
