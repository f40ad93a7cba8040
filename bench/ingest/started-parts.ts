export type Stop = () => Promise<unknown>;

/** Everything that the benchmark has started and not stopped yet. */
export interface StartedParts {
  /** Remembers how to stop a part, and returns a function that does so, once. */
  readonly keep: (stop: Stop) => Stop;
  /**
   * Stops all that still runs, the latest first. A part that does not stop is named and does not hold up the others; one
   * that is only now starting is stopped as soon as it is there.
   */
  readonly stopAll: () => Promise<void>;
}

/** Starts with nothing. */
export function createStartedParts(): StartedParts {
  const stops = new Set<Stop>();
  let isOver = false;
  return {
    keep: (stop) => {
      const stopOnce = async () => {
        if (stops.delete(stopOnce)) await stop();
      };
      stops.add(stopOnce);
      if (isOver) void stopOnce();
      return stopOnce;
    },
    stopAll: async () => {
      isOver = true;
      for (const stop of [...stops].toReversed()) {
        await stop().catch((error: unknown) => process.stderr.write(`a part did not stop: ${String(error)}\n`));
      }
    },
  };
}
