import { startStopwatch } from '../core/clock.ts';

export interface LingerLimits {
  /** So long the first message of a batch waits for company, as a rule. */
  readonly lingerMs: number;
  /** So long it may wait where that pays. */
  readonly longestLingerMs: number;
}

/** How long a batch that is not full waits for more messages. */
export interface Linger {
  /** The time has begun, and is not over yet. */
  readonly isRunning: () => boolean;
  readonly isOver: () => boolean;
  /** Begins the time, unless it has begun. */
  readonly begin: () => void;
  /** A batch was taken out to be written; `fullness` is 1 for one that could take no more. What is left begins anew. */
  readonly taken: (fullness: number) => void;
  /** A batch was written. */
  readonly written: (tookMs: number) => void;
  /** From now on the time is over. */
  readonly stop: () => void;
}

/** Where at least half a batch comes together in the longest time, it is waited for. */
const WORTHWHILE = 0.5;
/** Messages come in bursts: a few that come at once say nothing of what comes within the longest time. */
const SEEN_OVER_MS = 100;
/** Who waits for a commit anyway does not feel so much of its time more. */
const UNFELT = 0.25;

/**
 * Each batch costs something however little is in it, so few large ones are cheaper than many small ones: it is waited
 * for more messages where many come, and where to write takes long. Otherwise nobody is kept waiting for that.
 */
export function createLinger({ lingerMs, longestLingerMs }: LingerLimits, onOver: () => void): Linger {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let isStopped = false;
  let sinceTaken = startStopwatch();
  let fullnessPerMs = 0;
  let lastWriteMs = 0;

  function lengthMs(): number {
    if (fullnessPerMs * longestLingerMs >= WORTHWHILE) return longestLingerMs;
    return Math.max(lingerMs, Math.min(longestLingerMs, lastWriteMs * UNFELT));
  }

  function end(): void {
    timer = undefined;
    isOver = true;
    onOver();
  }

  return {
    isRunning: () => timer !== undefined,
    isOver: () => isOver,
    begin: () => {
      if (!isOver) timer ??= setTimeout(end, lengthMs());
    },
    taken: (fullness) => {
      clearTimeout(timer);
      timer = undefined;
      isOver = isStopped;
      const ms = Math.max(1, sinceTaken());
      sinceTaken = startStopwatch();
      fullnessPerMs += (fullness / ms - fullnessPerMs) * Math.min(1, ms / SEEN_OVER_MS);
    },
    written: (tookMs) => (lastWriteMs = tookMs),
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      end();
    },
  };
}
