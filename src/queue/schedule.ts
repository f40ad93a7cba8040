import { UnrecoverableError } from 'bullmq';
import { AppError, messageOf } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { QueueBackend } from './backend.ts';
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
  /** The machine's monotonic time in milliseconds. The watchdog watches machines, so a hand-turned clock is of no use to it. */
  readonly monotonicMs: () => number;
}

/** A job that has not run for this many of its periods has been lost by the queue. */
const MISSED_PERIODS = 3;
const WATCHDOG_FLOOR_MS = 20_000;

/**
 * Runs `job` at its period through BullMQ, on one of the processes that offer to.
 *
 * A store that is emptied forgets its schedules, and one that is down runs nothing. So a watchdog in each process
 * looks whether the job has been running here or, failing that, runs it directly and puts the schedule back.
 * Returns a function that stops it and waits for the run under way.
 */
export async function startScheduledJob(deps: ScheduleDeps, job: ScheduledJob): Promise<() => Promise<void>> {
  const { backend, log, monotonicMs } = deps;
  const { definition, everyMs } = job;
  const queue = backend.queue(definition.name);
  let lastRunMs = monotonicMs();

  const runOnce = async () => {
    lastRunMs = monotonicMs();
    await job.handle();
    lastRunMs = monotonicMs();
  };
  const schedule = () =>
    queue.upsertJobScheduler(
      definition.name,
      { every: everyMs },
      { name: definition.name, data: {}, opts: { removeOnComplete: 10, removeOnFail: 100 } },
    );

  await schedule().catch((error: unknown) => log.warn({ err: error }, `job ${definition.name} is not scheduled yet`));
  const worker = backend.worker(definition.name, async ({ data }) => {
    definition.data.parse(data);
    await runOnce().catch((error: unknown) => refuse(log, definition.name, error));
  });

  let rescue: Promise<void> = Promise.resolve();
  const watchdog = setInterval(
    () => {
      if (monotonicMs() - lastRunMs < Math.max(everyMs * MISSED_PERIODS, WATCHDOG_FLOOR_MS)) return;
      rescue = rescue
        .then(async () => {
          log.warn(`job ${definition.name} was not woken by the queue: run directly, schedule put back`);
          await runOnce().catch((error: unknown) => log.error({ err: error }, `job ${definition.name} failed`));
          await schedule();
        })
        .catch((error: unknown) => log.warn({ err: error }, `job ${definition.name} could not be scheduled`));
    },
    Math.max(everyMs, 1_000),
  );

  return async () => {
    clearInterval(watchdog);
    await rescue;
    await worker.close();
    await queue.close();
  };
}

/** Logs a failed run and tells BullMQ; the next period tries again by itself, so BullMQ need not. */
function refuse(log: Logger, name: string, error: unknown): never {
  log.error({ err: error }, `job ${name} failed`);
  const code = error instanceof AppError ? error.code : 'unexpected';
  throw new UnrecoverableError(`${code}: ${messageOf(error)}`);
}
