import type { Logger } from '../core/logger.ts';
import { contentRefusal } from '../db/refusal.ts';
import { type BatchDraft, draftOf } from './batch-draft.ts';
import type { InterpretedMessage } from './message.ts';
import type { StoredBatch } from './store-batch.ts';

export interface PersistentStore {
  readonly log: Logger;
  /** Writes a batch, or a part of one, in one transaction; and is told whether all is stored with it. */
  readonly store: (part: BatchDraft, isLast: boolean) => Promise<StoredBatch>;
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
 *
 * Where PostgreSQL refuses what a batch says, halves it until the one message is found that it will not have. That one
 * goes into quarantine, and all others are stored. A part that is committed is not stored again when a later one has to
 * wait.
 */
export async function storeUntilDone(deps: PersistentStore, batch: BatchDraft): Promise<boolean> {
  let parts = [batch];
  let waitMs = FIRST_RETRY_MS;
  for (let [part, ...rest] = parts; part; [part, ...rest] = parts) {
    try {
      deps.onStored(await deps.store(part, rest.length === 0));
      parts = rest;
      waitMs = FIRST_RETRY_MS;
    } catch (error) {
      const smaller = withoutWhatIsRefused(part, error);
      if (smaller) {
        parts = [...smaller, ...rest];
        continue;
      }
      deps.log.error({ err: error, messages: part.size, retryInMs: waitMs }, 'a batch of readings was not stored');
      if (!(await waited(waitMs, deps.stop))) return false;
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
    }
  }
  return true;
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

/** What to store instead; undefined where it was not what the batch says that was the trouble. */
function withoutWhatIsRefused(batch: BatchDraft, error: unknown): BatchDraft[] | undefined {
  const sqlState = contentRefusal(error);
  if (sqlState === undefined) return undefined;
  const messages = batch.messages();
  const [only] = messages;
  if (!only || only.rejection?.reason === 'database_refused') return undefined;
  if (messages.length === 1) return [draftOf([refused(only, sqlState)])];
  const middle = Math.ceil(messages.length / 2);
  return [draftOf(messages.slice(0, middle)), draftOf(messages.slice(middle))];
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
