/** Something that waits to be written, and what it takes of the memory. */
interface Weighed {
  readonly bytes: number;
}

export interface BatchLimits {
  readonly batchMessages: number;
  readonly batchBytes: number;
}

/** What waits for its batch, the oldest first. */
export interface Gathering<Item extends Weighed> {
  readonly add: (item: Item) => void;
  readonly isEmpty: () => boolean;
  /** Whether there is enough for a whole batch. */
  readonly isFull: () => boolean;
  /** Takes out the oldest, at least one, and no more than a batch may hold. */
  readonly takeBatch: () => Item[];
  /** Takes out everything. */
  readonly takeAll: () => Item[];
}

export function gather<Item extends Weighed>({ batchMessages, batchBytes }: BatchLimits): Gathering<Item> {
  let waiting: Item[] = [];
  let waitingBytes = 0;

  function takeFirst(count: number): Item[] {
    const taken = count < waiting.length ? waiting.slice(0, count) : waiting;
    waiting = waiting.slice(count);
    waitingBytes -= bytesOf(taken);
    return taken;
  }

  return {
    add: (item) => {
      waiting.push(item);
      waitingBytes += item.bytes;
    },
    isEmpty: () => waiting.length === 0,
    isFull: () => waiting.length >= batchMessages || waitingBytes >= batchBytes,
    takeBatch: () => {
      let bytes = 0;
      const tooMuch = waiting.findIndex((item, index) => {
        bytes += item.bytes;
        return index >= batchMessages || (index > 0 && bytes > batchBytes);
      });
      return takeFirst(tooMuch === -1 ? waiting.length : tooMuch);
    },
    takeAll: () => takeFirst(waiting.length),
  };
}

export function bytesOf(items: readonly Weighed[]): number {
  return items.reduce((total, { bytes }) => total + bytes, 0);
}
