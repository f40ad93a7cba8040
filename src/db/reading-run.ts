import type { RegisterReading } from '../domain/metering/register-reading.ts';

/** Readings of a known meter that came together, on their way into the store. */
export interface ReadingRun {
  readonly meterId: number;
  /** Milliseconds since 1970. */
  readonly receivedAtMs: number;
  readonly readings: readonly RegisterReading[];
}

/** How many readings there are in all. */
export function readingsIn(runs: readonly ReadingRun[]): number {
  return runs.reduce((total, { readings }) => total + readings.length, 0);
}
