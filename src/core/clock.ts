/** Where every part of the service gets the time from, so that a test or the demo can turn it by hand. */
export interface Clock {
  readonly now: () => Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved. It never goes backwards. */
export interface HandTurnedClock extends Clock {
  readonly advanceTo: (at: Date) => void;
}

export function handTurnedClock(start: Date): HandTurnedClock {
  let atMs = start.getTime();
  return {
    now: () => new Date(atMs),
    advanceTo: (at) => {
      atMs = Math.max(atMs, at.getTime());
    },
  };
}

/** Milliseconds since now, by a clock of this machine that only goes forward: how long work took, not what time it is. */
export function startStopwatch(): () => number {
  const startedMs = performance.now();
  return () => performance.now() - startedMs;
}
