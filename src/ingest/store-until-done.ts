import type { Logger } from '../core/logger.ts';
import { contentRefusal } from '../db/refusal.ts';
import type { InterpretedMessage } from './message.ts';
import type { StoredBatch } from './store-batch.ts';

export interface PersistentStore {
  readonly log: Logger;
  /** Writes a batch in one transaction. */
  readonly store: (batch: readonly InterpretedMessage[]) => Promise<StoredBatch>;
  /** Called for each transaction that was committed. */
  readonly onStored: (outcome: StoredBatch) => void;
  /** Ends the waiting between two attempts, when the service stops. */
  readonly stop: AbortSignal;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/**
 * Stores a batch, however long the database is away.
 *
 * Giving up is no option: the messages are acknowledged only after this, and the broker keeps the rest. Resolves with
 * true when everything is committed, and with false when it was told to stop before it was.
 */
export async function storeUntilDone(deps: PersistentStore, batch: readonly InterpretedMessage[]): Promise<boolean> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
    try {
      await storeOrSplit(deps, batch);
      return true;
    } catch (error) {
      deps.log.error({ err: error, messages: batch.length, retryInMs: waitMs }, 'a batch of readings was not stored');
    }
    if (!(await waited(waitMs, deps.stop))) return false;
  }
}

/** True after the time; false as soon as it is time to stop. */
function waited(ms: number, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve(!stop.aborted);
    };
    const timer = setTimeout(end, ms);
    stop.addEventListener('abort', end);
    if (stop.aborted) end();
  });
}

/**
 * Where PostgreSQL refuses what a batch says, halves it until the one message is found that it will not have. That one
 * goes into quarantine, and all others are stored.
 */
async function storeOrSplit(deps: PersistentStore, batch: readonly InterpretedMessage[]): Promise<void> {
  try {
    deps.onStored(await deps.store(batch));
  } catch (error) {
    const sqlState = contentRefusal(error);
    const [only] = batch;
    if (sqlState === undefined || !only || only.rejection?.reason === 'database_refused') throw error;
    if (batch.length === 1) {
      await storeOrSplit(deps, [refused(only, sqlState)]);
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await storeOrSplit(deps, batch.slice(0, middle));
    await storeOrSplit(deps, batch.slice(middle));
  }
}

/** It is kept, so it has arrived: its number counts. */
function refused({ message, content, rejection }: InterpretedMessage, sqlState: string): InterpretedMessage {
  const sequence = content?.sequence ?? rejection?.sequence;
  const refusal = {
    reason: 'database_refused',
    detail: `SQLSTATE ${sqlState}`,
    ...(sequence && { sequence }),
  } as const;
  return { message, content: undefined, rejection: refusal };
}
