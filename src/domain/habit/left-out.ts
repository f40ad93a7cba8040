import type { DatedPause } from './home-habit.ts';

/** A time that says nothing of how long the people of a home usually pause, such as an absence or an incident. */
export interface LeftOutTime {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Since when that is known, and until when: Infinity while nobody has taken it back. */
  readonly knownFromMs: number;
  readonly knownUntilMs: number;
}

/** The pauses without those that touch a time that was known, at `atMs`, to say nothing. */
export function withoutLeftOut(
  pauses: readonly DatedPause[],
  leftOut: readonly LeftOutTime[],
  atMs: number,
): readonly DatedPause[] {
  const known = leftOut.filter(({ knownFromMs, knownUntilMs }) => knownFromMs <= atMs && atMs < knownUntilMs);
  if (known.length === 0) return pauses;
  return pauses.filter(
    ({ startMs, lastedMs }) => !known.some(({ fromMs, untilMs }) => startMs < untilMs && startMs + lastedMs > fromMs),
  );
}
