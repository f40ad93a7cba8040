import { type BatchLimits, gather } from './gather.ts';
import { receiveWindow, type WindowLimits } from './receive-window.ts';
import { settleInOrder } from './settle-in-order.ts';

/** One message on its way into the store. */
export interface Parcel<Message> {
  readonly message: Message;
  /** What it takes of the memory. */
  readonly bytes: number;
  readonly acknowledge: () => void;
}

export interface IntakeOptions<Message> {
  /** Resolves with true when the batch is committed, with false when it was told to stop before it could be. */
  readonly store: (batch: readonly Message[]) => Promise<boolean>;
  /** Called when the messages of a batch are committed and acknowledged. */
  readonly onAcknowledged: (count: number) => void;
  readonly limits?: Partial<IntakeLimits>;
}

/** A batch is written when it is full, or when its first message has waited long enough. */
export interface IntakeLimits extends BatchLimits, WindowLimits {
  readonly lingerMs: number;
  /** So many batches are written at once, where there are full ones. What is not full waits for company. */
  readonly writers: number;
}

export interface Intake<Message> {
  /** Takes a message over. `proceed` is called when there is room for the next one: at once, as a rule. */
  readonly offer: (parcel: Parcel<Message>, proceed: () => void) => void;
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
  batchBytes: 1536 * 1024,
  lingerMs: 1,
  writers: BATCHES_AT_ONCE,
  windowMessages: WINDOW_MESSAGES,
  windowBytes: 16 * 1024 * 1024,
};

/**
 * Gathers messages into batches, has several of them written at a time, and acknowledges each message in the order of
 * arrival: after the commit of its own batch and of all batches before it.
 */
export function createIntake<Message>(options: IntakeOptions<Message>): Intake<Message> {
  const limits = { ...LIMITS, ...options.limits };
  const waiting = gather<Parcel<Message>>(limits);
  const settling = settleInOrder(settle);
  const window = receiveWindow(limits);
  let linger: NodeJS.Timeout | undefined;
  /** The oldest message that waits has waited long enough. */
  let isDue = false;
  let writing = 0;
  let isClosed = false;

  const mayWrite = () => (waiting.isFull() ? writing < limits.writers : isDue && writing === 0);

  function startWriting(): void {
    while (!waiting.isEmpty() && mayWrite()) writeNext();
    if (!waiting.isEmpty() && !isDue) linger ??= setTimeout(beDue, limits.lingerMs);
  }

  function beDue(): void {
    linger = undefined;
    isDue = true;
    startWriting();
  }

  function writeNext(): void {
    const batch = waiting.takeBatch();
    // What is left begins to wait anew.
    clearTimeout(linger);
    linger = undefined;
    isDue = isClosed;
    writing += 1;
    const stored = options.store(batch.map(({ message }) => message)).then((isStored) => {
      writing -= 1;
      if (!isStored) window.letGo(waiting.takeAll());
      return isStored;
    });
    settling.add(batch, stored);
    void stored.then(startWriting);
  }

  function settle(batch: readonly Parcel<Message>[], isStored: boolean): void {
    window.letGo(batch);
    if (isStored) {
      for (const { acknowledge } of batch) acknowledge();
      options.onAcknowledged(batch.length);
    }
    window.letProceed();
  }

  function offer(parcel: Parcel<Message>, proceed: () => void): void {
    if (isClosed) {
      proceed();
      return;
    }
    waiting.add(parcel);
    window.takeIn(parcel);
    if (waiting.isFull() || !linger) startWriting();
    window.whenRoom(proceed);
  }

  async function close(): Promise<void> {
    isClosed = true;
    window.open();
    beDue();
    while (!waiting.isEmpty() || writing > 0) await settling.done();
    await settling.done();
  }

  return { offer, pending: window.messages, close };
}
