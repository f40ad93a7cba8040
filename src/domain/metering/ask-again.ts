import { HOUR_MS, SECOND_MS } from '../time.ts';
import type { SenderStream, SequenceGap, StreamChange } from './sender-stream.ts';
import type { SequenceRange } from './sequence-range.ts';

export interface AskedAgain extends StreamChange {
  /** What to ask the sender for, lowest first. */
  readonly requests: readonly SequenceRange[];
}

/** One request asks for so many numbers at most, and one round makes so many requests of a stream. */
export const MAX_NUMBERS_A_REQUEST = 10_000;
const MAX_REQUESTS_A_ROUND = 64;

const FIRST_PAUSE_MS = SECOND_MS;
const LONGEST_PAUSE_MS = HOUR_MS;
/** With pauses that grow from a second to an hour: about a day in which the sender was there to hear. */
const PATIENCE = 35;
/** A minute. What was sent before anybody listened cannot be sent again, as a rule. */
const PATIENCE_BEFORE_FIRST = 6;

/**
 * Asks for the gaps that are due at `atMs`, and gives those up that were asked for in vain often enough.
 *
 * Only what the sender can have heard counts: while it is silent nothing is asked and nothing given up, since it may
 * come back with all that it kept.
 */
export function askAgain(stream: SenderStream, atMs: number): AskedAgain {
  const requests: SequenceRange[] = [];
  const givenUp: SequenceGap[] = [];
  const gaps = stream.gaps.flatMap((gap) => {
    if (gap.askAtMs > atMs || requests.length >= MAX_REQUESTS_A_ROUND) return [gap];
    if (!mayHaveHeard(stream, gap)) return [{ ...gap, askAtMs: atMs + pauseAfter(gap.timesAsked) }];
    if (gap.timesAsked >= (gap.isBeforeFirst ? PATIENCE_BEFORE_FIRST : PATIENCE)) {
      givenUp.push(gap);
      return [];
    }
    requests.push({ first: gap.first, last: Math.min(gap.last, gap.first + MAX_NUMBERS_A_REQUEST - 1) });
    const timesAsked = gap.timesAsked + 1;
    return [{ ...gap, timesAsked, askedAtMs: atMs, askAtMs: atMs + pauseAfter(timesAsked) }];
  });
  return { stream: { ...stream, gaps }, givenUp, requests };
}

function mayHaveHeard({ lastHeardAtMs }: SenderStream, { askedAtMs, isBeforeFirst }: SequenceGap): boolean {
  return isBeforeFirst || askedAtMs === undefined || lastHeardAtMs > askedAtMs;
}

function pauseAfter(timesAsked: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, timesAsked - 1));
}
