import type { Acknowledgements } from './broker/acknowledgements.ts';
import { startStopwatch } from '../core/clock.ts';
import type { PublishedMessage } from './broker/publish-packet.ts';
import { type BatchLimits, gather } from './gather.ts';
import { createLinger, type LingerLimits } from './linger.ts';
import type { MessageBatch } from './message-batch.ts';
import { receiveWindow, type WindowLimits } from './receive-window.ts';
import { settleInOrder } from './settle-in-order.ts';

export interface IntakeOptions {
  /** Resolves with true when the batch is committed, with false when it was told to stop before it could be. */
  readonly store: (batch: MessageBatch) => Promise<boolean>;
  /** Called when the messages of a batch are committed and acknowledged. */
  readonly onAcknowledged: (count: number) => void;
  readonly limits?: Partial<IntakeLimits>;
}

/** A batch is written when it is full, or when its first message has waited long enough. */
export interface IntakeLimits extends BatchLimits, WindowLimits, LingerLimits {
  /** So many batches are written at once, where there are full ones. What is not full waits for company. */
  readonly writers: number;
}

export interface Intake {
  /** Takes a message over, as it came at that time over that connection, and copies what it needs of it. */
  readonly take: (message: PublishedMessage, receivedAtMs: number, connection: Acknowledgements) => void;
  /** Whether more may be taken. Where it may not, `whenRoom` calls back once it may. */
  readonly hasRoom: () => boolean;
  readonly whenRoom: (proceed: () => void) => void;
  readonly pending: () => number;
  /** Stores and acknowledges what was taken over so far. What is offered from now on is let go unacknowledged. */
  readonly close: () => Promise<void>;
}

/** Also the greatest number of messages that a broker is allowed to have under way to us. */
export const WINDOW_MESSAGES = 4_000;
/** While one batch waits for the disk, the other is read and sent. More gain nothing on two cores. */
export const BATCHES_AT_ONCE = 2;

const LIMITS: IntakeLimits = {
  batchMessages: 1_000,
  batchBytes: 1024 * 1024,
  lingerMs: 1,
  longestLingerMs: 20,
  writers: BATCHES_AT_ONCE,
  windowMessages: WINDOW_MESSAGES,
  windowBytes: 16 * 1024 * 1024,
};

/**
 * Gathers messages into batches, has several of them written at a time, and acknowledges each message in the order of
 * arrival: after the commit of its own batch and of all batches before it.
 */
export function createIntake(options: IntakeOptions): Intake {
  const limits = { ...LIMITS, ...options.limits };
  const waiting = gather(limits);
  const settling = settleInOrder(settle);
  const window = receiveWindow(limits);
  const linger = createLinger(limits, startWriting);
  let writing = 0;
  let isClosed = false;

  const mayWrite = () => (waiting.isFull() ? writing < limits.writers : linger.isOver() && writing === 0);

  function startWriting(): void {
    while (!waiting.isEmpty() && mayWrite()) writeNext();
    if (!waiting.isEmpty()) linger.begin();
  }

  function writeNext(): void {
    const batch = waiting.takeBatch();
    linger.taken(fullnessOf(batch, limits));
    writing += 1;
    const took = startStopwatch();
    const stored = options.store(batch).then((isStored) => {
      writing -= 1;
      linger.written(took());
      while (!isStored && !waiting.isEmpty()) letGo(waiting.takeBatch());
      return isStored;
    });
    settling.add(batch, stored);
    void stored.then(startWriting);
  }

  function letGo(batch: MessageBatch): void {
    window.letGo(batch.count, batch.usedBytes);
    waiting.giveBack(batch);
  }

  function settle(batch: MessageBatch, isStored: boolean): void {
    const { count } = batch;
    if (isStored) batch.acknowledge();
    letGo(batch);
    if (isStored) options.onAcknowledged(count);
    window.letProceed();
  }

  function take(message: PublishedMessage, receivedAtMs: number, connection: Acknowledgements): void {
    if (isClosed) return;
    const { topicAt, topicEnd, payloadAt, payloadEnd } = message;
    waiting.add(message, receivedAtMs, connection);
    window.takeIn(topicEnd - topicAt + payloadEnd - payloadAt);
    if (waiting.isFull() || !linger.isRunning()) startWriting();
  }

  async function close(): Promise<void> {
    isClosed = true;
    window.open();
    linger.stop();
    while (!waiting.isEmpty() || writing > 0) await settling.done();
    await settling.done();
  }

  return {
    take,
    hasRoom: () => isClosed || window.hasRoom(),
    whenRoom: window.whenRoom,
    pending: window.messages,
    close,
  };
}

/** 1 where no more would have found room. */
function fullnessOf({ count, usedBytes }: MessageBatch, { batchMessages, batchBytes }: BatchLimits): number {
  return Math.max(count / batchMessages, usedBytes / batchBytes);
}
