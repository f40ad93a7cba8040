import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { DbPool, Tx } from '../../db/sql.ts';
import { takenFromMs } from '../../domain/metering/retention.ts';
import { draftOf } from '../batch-draft.ts';
import type { InterpretedMessage } from '../message.ts';
import type { MeterDirectory } from '../meter-directory.ts';
import { storeDraft, type StoredBatch } from '../store-batch.ts';
import { storeUntilDone } from '../store-until-done.ts';
import { type Chunk, interpretBlock } from './interpret-block.ts';
import type { LineBlock } from './line-blocks.ts';
import type { LineFormat } from './line-format.ts';
import { type LineTotals, noLines, withChunk } from './line-totals.ts';
import { watchDirectory } from './watched-directory.ts';

export interface TakeLinesDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meters: MeterDirectory;
  /** For how many days readings are kept: what would be deleted at once is refused. Nothing is when left out. */
  readonly keptDays?: number | undefined;
  /** Told of each transaction after its commit. */
  readonly onStored?: ((batch: StoredBatch) => void) | undefined;
}

export interface LinesToTake {
  readonly source: 'file' | 'http';
  readonly format: LineFormat;
  readonly blocks: AsyncIterable<LineBlock>;
  /** A last line without a line end may have been cut off. */
  readonly lastLineMayBeCut: boolean;
  /** How many lines were taken before, and what became of them. */
  readonly before?: { readonly lines: number; readonly totals: LineTotals };
  /** Ends the waiting for a database that is away: the signal for one chunk. */
  readonly stopOf: () => AbortSignal;
  /** Called with each chunk, one after the other, before it is stored. */
  readonly onRejected: (chunk: Chunk) => Promise<void>;
  /** Writes how far the lines are taken, in the transaction that stores the chunk. May be called again for a chunk. */
  readonly note?: ((tx: Tx, reached: Reached) => Promise<void>) | undefined;
  /** Called when a chunk is committed. */
  readonly onTaken: (reached: Reached) => void;
}

/** How far the lines are taken. */
export interface Reached {
  readonly block: LineBlock;
  /** All lines so far, empty ones among them. */
  readonly lines: number;
  readonly totals: LineTotals;
  /** The serials in this chunk that nobody registered. */
  readonly unknownMeters: ReadonlySet<string>;
}

/**
 * Takes lines in, a chunk a transaction and one after the other. While one chunk is being stored the next one is read,
 * and no more than that, so the memory is bounded.
 *
 * Resolves with true when all lines are committed, and with false when it was told to stop before they were.
 */
export async function takeLines(deps: TakeLinesDeps, lines: LinesToTake): Promise<boolean> {
  let totals = lines.before?.totals ?? noLines();
  let number = lines.before?.lines ?? 0;
  let storing = Promise.resolve(true);

  const take = async (block: LineBlock, chunk: Chunk, reached: number): Promise<boolean> => {
    const stop = lines.stopOf();
    if (stop.aborted) return false;
    await lines.onRejected(chunk);
    const { meters, unknownSerials: unknownMeters } = watchDirectory(deps.meters);
    const reachedWith = (stored: readonly StoredBatch[]): Reached => {
      const unknown = readingsOf(chunk.messages, unknownMeters);
      return { block, lines: reached, totals: withChunk(totals, { ...chunk, unknown, stored }), unknownMeters };
    };
    const note = lines.note && ((tx: Tx, stored: readonly StoredBatch[]) => lines.note?.(tx, reachedWith(stored)));
    const stored = await storeChunk({ ...deps, meters }, chunk.messages, { stop, note });
    if (!stored) return false;
    const taken = reachedWith(stored);
    totals = taken.totals;
    lines.onTaken(taken);
    return true;
  };

  try {
    for await (const block of lines.blocks) {
      const receivedAt = deps.clock.now();
      const fromMs = takenFromMs(receivedAt.getTime(), deps.keptDays);
      const chunk = interpretBlock(block, { ...lines, receivedAt, takenFromMs: fromMs, firstLine: number + 1 });
      number += chunk.lines;
      if (!(await storing)) return false;
      storing = take(block, chunk, number);
      // It is awaited with the next block; until then nobody else may stumble over its failure.
      storing.catch(() => undefined);
    }
    return await storing;
  } finally {
    await storing.catch(() => undefined);
  }
}

interface ChunkTerms {
  readonly stop: AbortSignal;
  /** Called in the last transaction of the chunk, with what became of all of it. */
  readonly note: ((tx: Tx, stored: readonly StoredBatch[]) => Promise<void> | undefined) | undefined;
}

/** What became of the chunk, for each transaction that it took; undefined when it was told to stop before the end. */
async function storeChunk(
  { log, onStored, ...storing }: TakeLinesDeps,
  messages: readonly InterpretedMessage[],
  { stop, note }: ChunkTerms,
): Promise<readonly StoredBatch[] | undefined> {
  const stored: StoredBatch[] = [];
  if (messages.length === 0 && !note) return stored;
  const isStored = await storeUntilDone(
    {
      log,
      store: (part, isLast) => {
        const alongside = async (tx: Tx, outcome: StoredBatch) => note?.(tx, [...stored, outcome]);
        return storeDraft(isLast ? { ...storing, alongside } : storing, part);
      },
      onStored: (outcome) => {
        stored.push(outcome);
        onStored?.(outcome);
      },
      stop,
    },
    draftOf(messages),
  );
  return isStored ? stored : undefined;
}

function readingsOf(messages: readonly InterpretedMessage[], serials: ReadonlySet<string>): number {
  if (serials.size === 0) return 0;
  return messages.reduce(
    (count, { content }) => (content && serials.has(content.serial) ? count + content.readings.length : count),
    0,
  );
}
