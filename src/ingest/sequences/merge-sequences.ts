import type { Clock } from '../../core/clock.ts';
import { crashPoint } from '../../core/crash-point.ts';
import {
  clearGaps,
  dueStreams,
  findStreams,
  holdMerging,
  keyOf,
  type NamedGap,
  saveStreams,
  type StoredStream,
  type StreamName,
  writeGaps,
} from '../../db/sequences.ts';
import { forgetOldStreams, giveUpForgottenGaps } from '../../db/sequences-housekeeping.ts';
import { takeSequenceNotes } from '../../db/sequences-noted.ts';
import { type DbPool, inTransaction, type Tx } from '../../db/sql.ts';
import type { SequenceRange } from '../../domain/metering/sequence-range.ts';
import { changeStream, type ChangedStream } from './change-stream.ts';
import { groupHeard } from './group-heard.ts';

export interface MergeDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
}

/** What the senders are to be told. */
export interface SenderNews {
  /** Up to and with `seq`, everything is stored or given up. */
  readonly acknowledged: readonly (StreamName & { readonly seq: number })[];
  readonly requests: readonly (StreamName & SequenceRange)[];
}

export interface Merged extends SenderNews {
  /** Whether there may be more notes than were taken. */
  readonly isMore: boolean;
}

const MAX_NOTES = 100;
const MAX_DUE_GAPS = 500;
/** A sender that lost count starts another stream. One that does nothing else must not fill the database. */
const STREAMS_A_SENDER = 32;

/**
 * Merges the notes of which numbers came into what is known of the streams, in one transaction. With `mayAsk` it also
 * looks which gaps are to be asked for. Undefined while another process is at it.
 */
export async function mergeSequences(deps: MergeDeps, mayAsk: boolean): Promise<Merged | undefined> {
  const merged = await inTransaction(deps.pool, async (tx) => {
    if (!(await holdMerging(tx))) return undefined;
    const at = deps.clock.now();
    const { notes, sequences } = await takeSequenceNotes(tx, MAX_NOTES);
    if (notes > 0) crashPoint('sequences.before_merge');
    const heard = groupHeard(sequences);
    const due = mayAsk ? await dueStreams(tx, at, MAX_DUE_GAPS) : [];
    const names = new Map(
      [...heard.values(), ...due].map(({ sender, stream }) => [keyOf({ sender, stream }), { sender, stream }]),
    );
    if (names.size === 0) return { acknowledged: [], requests: [], isMore: false };
    const known = new Map((await findStreams(tx, [...names.values()])).map((stored) => [keyOf(stored), stored]));
    const changes = [...names].map(([key, name]) =>
      changeStream(name, known.get(key), heard.get(key)?.heard, { atMs: at.getTime(), mayAsk }),
    );
    await write(tx, changes, at);
    return { ...newsOf(changes), isMore: notes === MAX_NOTES };
  });
  if (merged && merged.acknowledged.length > 0) crashPoint('sequences.after_merge');
  return merged;
}

async function write(tx: Tx, changes: readonly ChangedStream[], at: Date): Promise<void> {
  const heard = changes.filter(({ wasHeard }) => wasHeard);
  const regapped = changes.filter(({ known, now }) => (known?.gaps.length ?? 0) + now.gaps.length > 0);
  const open = regapped.flatMap(({ now }) => gapsOf(now));
  const givenUp = changes.flatMap(({ now, givenUp }) => givenUp.map((gap) => named(now, gap)));
  const strangers = heard.filter(({ known }) => known === undefined).map(({ now }) => now.sender);
  if (heard.length > 0)
    await saveStreams(
      tx,
      heard.map(({ now }) => now),
      at,
    );
  if (regapped.length > 0)
    await clearGaps(
      tx,
      regapped.map(({ now }) => now),
    );
  if (open.length > 0) await writeGaps(tx, open, undefined);
  if (givenUp.length > 0) await writeGaps(tx, givenUp, at);
  if (strangers.length > 0 && (await forgetOldStreams(tx, strangers, STREAMS_A_SENDER)) > 0)
    await giveUpForgottenGaps(tx, at);
}

function newsOf(changes: readonly ChangedStream[]): SenderNews {
  return {
    acknowledged: changes.flatMap(({ now: { sender, stream }, acknowledged: seq }) =>
      seq === undefined ? [] : [{ sender, stream, seq }],
    ),
    requests: changes.flatMap(({ now: { sender, stream }, requests }) =>
      requests.map((range) => ({ sender, stream, ...range })),
    ),
  };
}

function gapsOf(stored: StoredStream): NamedGap[] {
  return stored.gaps.map((gap) => named(stored, gap));
}

function named({ sender, stream }: StreamName, gap: NamedGap['gap']): NamedGap {
  return { sender, stream, gap };
}
