import type { NotedSequence } from '../../db/sequences-noted.ts';

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
 * The numbers of the messages of a batch, neighbours joined, in the order they came.
 *
 * Every message of a batch is kept, if only in quarantine, so every number counts. Numbers of a stream with an
 * impossible name are never acknowledged.
 */
export class SequenceRuns {
  readonly #runs: Run[] = [];
  readonly #lastOf = new Map<string, Run>();

  get runs(): readonly NotedSequence[] {
    return this.#runs;
  }

  /** `oldestSaid` is the lowest number that the sender can still send, where it said so. */
  add(sender: string, stream: string, seq: number, oldestSaid: number | undefined): void {
    const oldest = oldestSaid === undefined ? undefined : Math.min(oldestSaid, seq);
    const key = stream === '' ? sender : `${sender} ${stream}`;
    const run = this.#lastOf.get(key);
    if (run?.last === seq - 1 && isCountable(seq)) {
      run.last = seq;
      run.oldest = greatest(run.oldest, oldest);
    } else if (isCountable(seq) && isNameable(sender, stream)) {
      const begun = { sender, stream, first: seq, last: seq, oldest };
      this.#runs.push(begun);
      this.#lastOf.set(key, begun);
    }
  }
}

/** While the number after it is one as well. */
function isCountable(seq: number): boolean {
  return seq < Number.MAX_SAFE_INTEGER;
}

function isNameable(sender: string, stream: string): boolean {
  return NAME.test(sender) && (stream === '' || NAME.test(stream));
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
