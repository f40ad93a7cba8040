import type { Logger } from '../core/logger.ts';
import type { QueueBackend } from './backend.ts';
import type { JobDefinition } from './jobs.ts';

/** Has a job run before its period is over. Called as often as there is news; asks the queue once in a while. */
export interface JobWaker {
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/** What happens within this time is worth one run. */
const GATHER_MS = 1_000;

/**
 * Wakes whoever runs `definition`, in whichever process, about a second after there was news.
 *
 * Nothing depends on it: what is due is in the database, and the schedule looks there anyway. So a queue that does not take
 * the wake-up is only noted in the log.
 */
export function startJobWaker(backend: QueueBackend, definition: JobDefinition, log: Logger): JobWaker {
  const queue = backend.queue(definition.name);
  let timer: NodeJS.Timeout | undefined;
  let asked: Promise<unknown> = Promise.resolve();
  const ask = () => {
    timer = undefined;
    // A queue that is slow to answer is not asked again meanwhile.
    asked = queue
      .add(definition.name, {}, { removeOnComplete: true, removeOnFail: true })
      .catch((error: unknown) =>
        log.debug({ err: error }, `job ${definition.name} was not woken: it runs at its period`),
      );
  };
  return {
    wake: () => {
      timer ??= setTimeout(() => void asked.then(ask), GATHER_MS);
    },
    stop: async () => {
      clearTimeout(timer);
      await asked;
      await queue.close();
    },
  };
}
