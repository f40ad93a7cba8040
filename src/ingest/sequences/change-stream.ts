import type { StoredStream, StreamName } from '../../db/sequences.ts';
import { askAgain } from '../../domain/metering/ask-again.ts';
import {
  firstMissing,
  hearNumbers,
  type HeardNumbers,
  type SenderStream,
  type SequenceGap,
} from '../../domain/metering/sender-stream.ts';
import type { SequenceRange } from '../../domain/metering/sequence-range.ts';

/** What became of a stream in one merge. */
export interface ChangedStream {
  readonly known: StoredStream | undefined;
  readonly now: StoredStream;
  readonly wasHeard: boolean;
  readonly givenUp: readonly SequenceGap[];
  readonly requests: readonly SequenceRange[];
  /** The highest number below which nothing is missing; undefined where the sender has nothing new to hear. */
  readonly acknowledged: number | undefined;
}

/** Lets a stream hear what came, and looks what to ask for and what to tell. */
export function changeStream(
  { sender, stream: name }: StreamName,
  known: StoredStream | undefined,
  heard: HeardNumbers | undefined,
  { atMs, mayAsk }: { readonly atMs: number; readonly mayAsk: boolean },
): ChangedStream {
  const before: SenderStream = known ?? { next: 0, gaps: [], lastHeardAtMs: atMs };
  const hearing = heard ? hearNumbers(known, heard, atMs) : { stream: before, givenUp: [] };
  const asking = mayAsk ? askAgain(hearing.stream, atMs) : { stream: hearing.stream, givenUp: [], requests: [] };
  const [wasMissing, isMissing] = [firstMissing(before), firstMissing(asking.stream)];
  // Whoever sends again what was acknowledged has not heard of it.
  const isRepeat = heard?.ranges.some(({ first }) => first < wasMissing) ?? false;
  return {
    known,
    now: { sender, stream: name, ...asking.stream },
    wasHeard: heard !== undefined,
    givenUp: [...hearing.givenUp, ...asking.givenUp],
    requests: asking.requests,
    acknowledged: isMissing > wasMissing || (isRepeat && isMissing > 0) ? isMissing - 1 : undefined,
  };
}
