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

export interface IntakeLimits {
  /** A batch is written when it has so many messages or bytes, or when its first message has waited this long. */
  readonly batchMessages: number;
  readonly batchBytes: number;
  readonly lingerMs: number;
  /** With so much waiting for its commit, nothing more is asked for. */
  readonly windowMessages: number;
  readonly windowBytes: number;
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

const LIMITS: IntakeLimits = {
  batchMessages: 1_000,
  batchBytes: 2 * 1024 * 1024,
  lingerMs: 4,
  windowMessages: WINDOW_MESSAGES,
  windowBytes: 16 * 1024 * 1024,
};

/**
 * Gathers messages into batches, has them written one after the other, and acknowledges each message in the order of
 * arrival, after the commit of its batch. While one batch is being written the next one gathers.
 */
export function createIntake<Message>(options: IntakeOptions<Message>): Intake<Message> {
  const limits = { ...LIMITS, ...options.limits };
  const waiting: Parcel<Message>[] = [];
  let held: (() => void)[] = [];
  let pending = { messages: 0, bytes: 0 };
  let writing: Promise<void> | undefined;
  let linger: NodeJS.Timeout | undefined;
  let closed = false;

  const hasRoom = () => pending.messages < limits.windowMessages && pending.bytes < limits.windowBytes;

  function account(parcels: readonly Parcel<Message>[], sign: 1 | -1): void {
    const bytes = parcels.reduce((total, parcel) => total + parcel.bytes, 0);
    pending = { messages: pending.messages + sign * parcels.length, bytes: pending.bytes + sign * bytes };
  }

  function letProceed(): void {
    const proceeding = held;
    held = [];
    for (const proceed of proceeding) proceed();
  }

  function startWriting(): void {
    clearTimeout(linger);
    linger = undefined;
    if (waiting.length > 0) writing ??= writeAll();
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = takeBatch(waiting, limits);
      const isStored = await options.store(batch.map(({ message }) => message));
      account(batch, -1);
      if (isStored) acknowledgeAll(batch);
      else account(waiting.splice(0), -1);
      if (hasRoom()) letProceed();
    }
    writing = undefined;
  }

  function acknowledgeAll(batch: readonly Parcel<Message>[]): void {
    for (const { acknowledge } of batch) acknowledge();
    options.onAcknowledged(batch.length);
  }

  return {
    offer: (parcel, proceed) => {
      if (closed) {
        proceed();
        return;
      }
      waiting.push(parcel);
      account([parcel], 1);
      if (pending.messages >= limits.batchMessages) startWriting();
      else if (!writing) linger ??= setTimeout(startWriting, limits.lingerMs);
      if (hasRoom()) proceed();
      else held.push(proceed);
    },
    pending: () => pending.messages,
    close: async () => {
      closed = true;
      letProceed();
      startWriting();
      await writing;
    },
  };
}

/** The oldest messages, at least one, and no more than a batch may hold. */
function takeBatch<Message>(waiting: Parcel<Message>[], limits: IntakeLimits): Parcel<Message>[] {
  let bytes = 0;
  const end = waiting.findIndex((parcel, index) => {
    bytes += parcel.bytes;
    return index >= limits.batchMessages || (index > 0 && bytes > limits.batchBytes);
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}
