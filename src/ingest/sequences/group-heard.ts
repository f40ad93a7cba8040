import { keyOf, type StreamName } from '../../db/sequences.ts';
import type { TakenSequence } from '../../db/sequences-noted.ts';
import type { HeardNumbers } from '../../domain/metering/sender-stream.ts';
import type { SequenceRange } from '../../domain/metering/sequence-range.ts';

interface HeardStream extends StreamName {
  readonly heard: HeardNumbers;
}

/** The noted numbers by stream. The oldest that the sender can still send is the highest that it named. */
export function groupHeard(noted: readonly TakenSequence[]): ReadonlyMap<string, HeardStream> {
  const groups = new Map<string, { ranges: SequenceRange[]; oldest: number | undefined } & StreamName>();
  for (const { sender, stream, first, last, oldest } of noted) {
    const key = keyOf({ sender, stream });
    const group = groups.get(key) ?? { sender, stream, ranges: [], oldest: undefined };
    group.ranges.push({ first, last });
    if (oldest !== null) group.oldest = Math.max(group.oldest ?? 0, oldest);
    groups.set(key, group);
  }
  return new Map(
    [...groups].map(([key, { sender, stream, ranges, oldest }]) => {
      return [key, { sender, stream, heard: { ranges, oldest, isNamed: stream !== '' } }];
    }),
  );
}
