import { SECOND_MS } from '../time.ts';
import { joinRanges, type SequenceRange, withoutRanges } from './sequence-range.ts';

/** Numbers that have not come. Times are milliseconds since 1970. */
export interface SequenceGap extends SequenceRange {
  readonly seenAtMs: number;
  readonly timesAsked: number;
  readonly askedAtMs: number | undefined;
  /** When to ask for it (again). */
  readonly askAtMs: number;
  /** Before the first number ever heard of a sender that does not say that it keeps what it sent. */
  readonly isBeforeFirst: boolean;
}

/** What is known of one unbroken count of a sender: all numbers below `next` have come, but for the gaps. */
export interface SenderStream {
  readonly next: number;
  /** Sorted, apart from one another, all below `next`. */
  readonly gaps: readonly SequenceGap[];
  readonly lastHeardAtMs: number;
}

/** Numbers of a stream that were stored. */
export interface HeardNumbers {
  readonly ranges: readonly SequenceRange[];
  /** The lowest number that the sender can still send; undefined where it did not say. */
  readonly oldest: number | undefined;
  /** Whether the sender gave the stream a name. Then it counts from 0. */
  readonly isNamed: boolean;
}

export interface StreamChange {
  readonly stream: SenderStream;
  /** Gaps that will not be filled any more. */
  readonly givenUp: readonly SequenceGap[];
}

/** Messages overtake one another where several ingesters share them; a younger gap is not worth a question. */
export const ASK_AFTER_MS = SECOND_MS;

/** Beyond this, what came above the last gap is taken as not come: it will be sent again, and nothing is lost. */
export const MAX_GAPS = 256;

/** A gap that was asked for this often in vain is asked for in its turn, whatever else the sender answers. */
const MAX_EAGER_REQUESTS = 10;

/** After a longer silence the sender may not have heard what was asked of it. */
const SILENCE_MS = 60 * SECOND_MS;

/** The lowest number that has not come: all below are stored, or given up. */
export function firstMissing({ next, gaps }: SenderStream): number {
  return gaps[0]?.first ?? next;
}

/** The stream after these numbers came; `known` is undefined for a stream that is heard for the first time. */
export function hearNumbers(known: SenderStream | undefined, heard: HeardNumbers, atMs: number): StreamChange {
  const stream = known ?? { next: 0, gaps: [], lastHeardAtMs: atMs };
  const arrived = joinRanges(heard.ranges);
  const next = Math.max(stream.next, (arrived.at(-1)?.last ?? -1) + 1);
  const isBeforeFirst = known === undefined && !heard.isNamed && heard.oldest === undefined;
  const skipped = newGap({ first: stream.next, last: next - 1 }, atMs);
  const left = withoutRanges(next > stream.next ? [...stream.gaps, skipped] : stream.gaps, arrived);
  const open = afterAnswer(stream.gaps, left, atMs).map((gap) =>
    isBeforeFirst && gap.first === 0 ? { ...gap, isBeforeFirst } : gap,
  );
  const { gone, kept } = splitAt(open, heard.oldest ?? 0);
  const wasSilent = atMs - stream.lastHeardAtMs > SILENCE_MS;
  const gaps = atMost(MAX_GAPS, kept).map((gap) => (wasSilent ? askSoon(gap, atMs) : gap));
  return { stream: { next, gaps, lastHeardAtMs: Math.max(stream.lastHeardAtMs, atMs) }, givenUp: gone };
}

function newGap(range: SequenceRange, atMs: number): SequenceGap {
  const askAtMs = atMs + ASK_AFTER_MS;
  return { ...range, seenAtMs: atMs, timesAsked: 0, askedAtMs: undefined, askAtMs, isBeforeFirst: false };
}

/**
 * A sender that begins to answer is let finish; then it is soon asked for the rest. For what is left of a gap that was
 * filled in part patience begins anew.
 */
function afterAnswer(before: readonly SequenceGap[], left: readonly SequenceGap[], atMs: number): SequenceGap[] {
  const nameOf = ({ first, last }: SequenceRange) => `${first}-${last}`;
  const known = new Set(before.map(nameOf));
  const untouched = new Set(left.map(nameOf));
  const hasAnswered = before.some((gap) => gap.timesAsked > 0 && !untouched.has(nameOf(gap)));
  if (!hasAnswered) return [...left];
  return left.map((gap) => {
    const askAtMs = atMs + ASK_AFTER_MS;
    if (!known.has(nameOf(gap))) return { ...gap, askAtMs, timesAsked: 0, isBeforeFirst: false };
    return gap.timesAsked > 0 && gap.timesAsked < MAX_EAGER_REQUESTS ? { ...gap, askAtMs } : gap;
  });
}

function askSoon(gap: SequenceGap, atMs: number): SequenceGap {
  return { ...gap, askAtMs: Math.min(gap.askAtMs, atMs + ASK_AFTER_MS) };
}

/** The numbers below `oldest`, which nobody can send any more, and the others. */
function splitAt(gaps: readonly SequenceGap[], oldest: number): { gone: SequenceGap[]; kept: SequenceGap[] } {
  if (oldest === 0) return { gone: [], kept: [...gaps] };
  return {
    gone: withoutRanges(gaps, [{ first: oldest, last: Infinity }]),
    kept: withoutRanges(gaps, [{ first: 0, last: oldest - 1 }]),
  };
}

/** Joins the highest gaps into one until there are no more than `count`. */
function atMost(count: number, gaps: readonly SequenceGap[]): readonly SequenceGap[] {
  const [lowest, highest] = [gaps[count - 1], gaps.at(-1)];
  if (gaps.length <= count || !lowest || !highest) return gaps;
  return [...gaps.slice(0, count - 1), { ...lowest, last: highest.last }];
}
