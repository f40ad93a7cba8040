import type { NotedSequence } from '../../db/sequences-noted.ts';
import type { InterpretedMessage } from '../message.ts';

/** What may stand in a topic and in a row without a second thought. */
const NAME = /^[A-Za-z0-9._:-]{1,64}$/;

interface Run {
  readonly sender: string;
  readonly stream: string;
  readonly first: number;
  last: number;
  oldest: number | undefined;
}

/**
 * The numbers of the messages, neighbours joined, in the order they came.
 *
 * Every message of a batch is kept, if only in quarantine, so every number counts. Only what came through the broker
 * has a sender that was vouched for. Numbers of a stream with an impossible name are never acknowledged.
 */
export function sequencesIn(messages: readonly InterpretedMessage[]): NotedSequence[] {
  const runs: Run[] = [];
  const lastOf = new Map<string, Run>();
  for (const { message, content, rejection } of messages) {
    const sequence = content?.sequence ?? rejection?.sequence;
    if (!sequence || message.source !== 'mqtt' || !isNameable(sequence)) continue;
    const { sender, stream, seq } = sequence;
    const oldest = sequence.oldest === undefined ? undefined : Math.min(sequence.oldest, seq);
    const key = stream === '' ? sender : `${sender} ${stream}`;
    const run = lastOf.get(key);
    if (run?.last === seq - 1) {
      run.last = seq;
      run.oldest = greatest(run.oldest, oldest);
    } else {
      const begun = { sender, stream, first: seq, last: seq, oldest };
      runs.push(begun);
      lastOf.set(key, begun);
    }
  }
  return runs;
}

/** A number is nameable while the one after it is one as well. */
function isNameable({ sender, stream, seq }: { sender: string; stream: string; seq: number }): boolean {
  return seq < Number.MAX_SAFE_INTEGER && NAME.test(sender) && (stream === '' || NAME.test(stream));
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
