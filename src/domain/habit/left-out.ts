import { type PackedPauses, pausesOutside } from './packed-pauses.ts';

/** A time that says nothing of how long the people of a home usually pause, such as an absence or an incident. */
export interface LeftOutTime {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Since when that is known, and until when: Infinity while nobody has taken it back. */
  readonly knownFromMs: number;
  readonly knownUntilMs: number;
}

/** The pauses without those that touch a time that was known, at `atMs`, to say nothing. */
export function withoutLeftOut(pauses: PackedPauses, leftOut: readonly LeftOutTime[], atMs: number): PackedPauses {
  const known = leftOut.filter(({ knownFromMs, knownUntilMs }) => knownFromMs <= atMs && atMs < knownUntilMs);
  return known.length === 0 ? pauses : pausesOutside(pauses, known);
}
