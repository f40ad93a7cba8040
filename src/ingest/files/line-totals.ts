import { z } from 'zod';
import { QUARANTINE_REASONS } from '../../domain/metering/quarantine-reason.ts';
import type { StoredBatch } from '../store-batch.ts';
import type { RejectedLine } from './interpret-block.ts';

const count = z.int().min(0);

/** Also what is kept between two runs over one file. */
export const lineTotals = z.object({
  lines: count,
  /** Readings that were understood; each is one of the five that follow. */
  readings: count,
  stored: count,
  repeats: count,
  conflicts: count,
  /** Readings of meters that nobody registered. They wait in quarantine. */
  unknown: count,
  /** Readings that the database would not have. They lie in quarantine. */
  refused: count,
  rejectedLines: count,
  /** For each reason how many lines, and the numbers of the first. */
  rejected: z.partialRecord(z.enum(QUARANTINE_REASONS), z.object({ lines: count, first: z.array(count) })),
});

/** What became of the lines of a file or request. */
export type LineTotals = z.output<typeof lineTotals>;

const NAMED_LINES = 5;

export function noLines(): LineTotals {
  return {
    lines: 0,
    readings: 0,
    stored: 0,
    repeats: 0,
    conflicts: 0,
    unknown: 0,
    refused: 0,
    rejectedLines: 0,
    rejected: {},
  };
}

/** What one more chunk adds. */
export interface ChunkOutcome {
  readonly lines: number;
  readonly readings: number;
  readonly unknown: number;
  readonly rejected: readonly RejectedLine[];
  /** What became of it, for each transaction that it took. */
  readonly stored: readonly Pick<StoredBatch, 'stored' | 'repeats' | 'conflicts'>[];
}

/** The totals with one more chunk. */
export function withChunk(totals: LineTotals, chunk: ChunkOutcome): LineTotals {
  const sum = (figure: 'stored' | 'repeats' | 'conflicts') =>
    chunk.stored.reduce((total, outcome) => total + outcome[figure], 0);
  const [stored, repeats, conflicts] = [sum('stored'), sum('repeats'), sum('conflicts')];
  return {
    lines: totals.lines + chunk.lines,
    readings: totals.readings + chunk.readings,
    stored: totals.stored + stored,
    repeats: totals.repeats + repeats,
    conflicts: totals.conflicts + conflicts,
    unknown: totals.unknown + chunk.unknown,
    refused: totals.refused + chunk.readings - stored - repeats - conflicts - chunk.unknown,
    rejectedLines: totals.rejectedLines + chunk.rejected.length,
    rejected: withRejected(totals.rejected, chunk.rejected),
  };
}

function withRejected(before: LineTotals['rejected'], lines: readonly RejectedLine[]): LineTotals['rejected'] {
  const after = { ...before };
  for (const { reason, line } of lines) {
    const { lines: known, first } = after[reason] ?? { lines: 0, first: [] };
    after[reason] = { lines: known + 1, first: first.length < NAMED_LINES ? [...first, line] : first };
  }
  return after;
}
