/** What a meter has to say, as it would publish it itself. */
export interface OutgoingMessage {
  /** `meters/<serial>/readings` */
  readonly topic: string;
  /** A JSON object. */
  readonly payload: string;
}

/** A message that is kept until it is known to be stored. */
export interface KeptMessage extends OutgoingMessage {
  readonly seq: number;
  /** Handed to the connection, which has not heard from the broker yet. */
  isUnderWay: boolean;
}

/** The messages of a sender that are not known to be stored, by their number. */
export interface KeptMessages {
  /** Gives the message the next number. */
  readonly keep: (message: OutgoingMessage) => KeptMessage;
  /** Forgets everything up to and with `seq`. Returns how many messages went. */
  readonly forget: (seq: number) => number;
  /** The kept ones among these numbers, lowest first. */
  readonly between: (first: number, last: number) => KeptMessage[];
  readonly newest: () => KeptMessage | undefined;
  /** The lowest number that is still kept; the next one to be given when none is. */
  readonly oldest: () => number;
  readonly next: () => number;
  readonly count: () => number;
}

/** Starts to count at `oldest`, with what was kept before. */
export function keepMessages(oldest = 0, before: readonly OutgoingMessage[] = []): KeptMessages {
  const kept = new Map<number, KeptMessage>();
  let low = oldest;
  let next = oldest;
  const keep = ({ topic, payload }: OutgoingMessage): KeptMessage => {
    const message = { topic, payload, seq: next, isUnderWay: false };
    kept.set(next, message);
    next += 1;
    return message;
  };
  before.forEach(keep);
  return {
    keep,
    forget: (seq) => {
      const from = low;
      for (; low <= seq && low < next; low += 1) kept.delete(low);
      return low - from;
    },
    between: (first, last) => {
      const [from, until] = [Math.max(first, low), Math.min(last + 1, next)];
      return Array.from({ length: Math.max(0, until - from) }, (_, i) => kept.get(from + i)).filter(isKept);
    },
    newest: () => kept.get(next - 1),
    oldest: () => low,
    next: () => next,
    count: () => next - low,
  };
}

function isKept(message: KeptMessage | undefined): message is KeptMessage {
  return message !== undefined;
}
