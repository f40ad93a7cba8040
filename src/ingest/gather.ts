import type { Acknowledgements } from './broker/acknowledgements.ts';
import type { PublishedMessage } from './broker/publish-packet.ts';
import { MessageBatch } from './message-batch.ts';

export interface BatchLimits {
  readonly batchMessages: number;
  /** Of topics and payloads. A message that has more is a batch by itself. */
  readonly batchBytes: number;
}

/** What waits for its turn to be written, divided into batches as it comes, the oldest first. */
export interface Gathering {
  readonly add: (message: PublishedMessage, receivedAtMs: number, connection: Acknowledgements) => void;
  readonly isEmpty: () => boolean;
  /** Whether there is a whole batch. */
  readonly isFull: () => boolean;
  /** Takes out the oldest batch. There must be one. */
  readonly takeBatch: () => MessageBatch;
  /** Takes back a batch that is done with: its memory is used again. */
  readonly giveBack: (batch: MessageBatch) => void;
}

/** As many are written and filled at a time, as a rule. */
const KEPT_BATCHES = 4;

export function gather({ batchMessages, batchBytes }: BatchLimits): Gathering {
  const full: MessageBatch[] = [];
  const spare: MessageBatch[] = [];
  let open: MessageBatch | undefined;

  function openFor(bytes: number): MessageBatch {
    if (open && !open.hasRoomFor(bytes)) close(open);
    open ??=
      bytes > batchBytes ? new MessageBatch(1, bytes) : (spare.pop() ?? new MessageBatch(batchMessages, batchBytes));
    return open;
  }

  function close(batch: MessageBatch): void {
    full.push(batch);
    open = undefined;
  }

  return {
    add: (message, receivedAtMs, connection) => {
      const { topicAt, topicEnd, payloadAt, payloadEnd } = message;
      const batch = openFor(topicEnd - topicAt + payloadEnd - payloadAt);
      batch.add(message, receivedAtMs, connection);
      if (batch.isFull) close(batch);
    },
    isEmpty: () => full.length === 0 && open === undefined,
    isFull: () => full.length > 0,
    takeBatch: () => {
      const batch = full.shift() ?? open;
      if (!batch) throw new Error('nothing waits');
      if (batch === open) open = undefined;
      return batch;
    },
    giveBack: (batch) => {
      batch.empty();
      if (spare.length < KEPT_BATCHES && batch.bytes.length === batchBytes) spare.push(batch);
    },
  };
}
