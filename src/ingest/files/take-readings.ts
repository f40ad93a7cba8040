import { AppError } from '../../core/errors.ts';
import type { QuarantineReason } from '../../domain/metering/quarantine-reason.ts';
import type { RejectedLine } from './interpret-block.ts';
import { jsonLines } from './json-lines.ts';
import { lineBlocks } from './line-blocks.ts';
import type { LineFormatName } from './line-format.ts';
import { type LineTotals, noLines } from './line-totals.ts';
import { openLines } from './open-lines.ts';
import { takeLines, type TakeLinesDeps } from './take-lines.ts';

/** What became of the readings of a request. */
export interface TakenReadings {
  readonly stored: number;
  readonly repeats: number;
  readonly conflicts: number;
  /** Readings that are kept until their meter is registered. */
  readonly unknown: number;
  /** The first of the meters that nobody registered. */
  readonly unknownMeters: readonly string[];
  /** Readings that the database would not have; they lie in quarantine. */
  readonly refused: number;
  /** All lines that could not be taken, whole or in part. */
  readonly rejectedLines: number;
  /** The first of them. */
  readonly rejected: readonly {
    readonly line: number;
    readonly reason: QuarantineReason;
    readonly detail: string;
    readonly text: string;
  }[];
}

/** A database that is away for longer makes the sender come again. */
const LONGEST_WAIT_MS = 20_000;
const NAMED_METERS = 100;
const NAMED_LINES = 100;
const SHOWN_BYTES = 200;

/**
 * Takes the readings of one request in. Once it resolves, all that was understood is committed. Sending the same again
 * changes nothing.
 *
 * @throws AppError `input_invalid` when it is no such format at all; `service_unreachable` when the database is away.
 */
export async function takeReadings(
  deps: TakeLinesDeps,
  body: AsyncIterable<Uint8Array>,
  format: LineFormatName | 'json',
  longestWaitMs = LONGEST_WAIT_MS,
): Promise<TakenReadings> {
  const lines = format === 'json' ? await jsonLines(body) : body;
  const opened = await openLines(lines, format === 'json' ? 'ndjson' : format);
  const rejected: RejectedLine[] = [];
  const unknownMeters = new Set<string>();
  let totals: LineTotals = noLines();
  const isComplete = await takeLines(deps, {
    source: 'http',
    format: opened.format,
    blocks: lineBlocks(opened.bytes),
    lastLineMayBeCut: false,
    stopOf: () => AbortSignal.timeout(longestWaitMs),
    onRejected: (chunk) => {
      for (const line of chunk.rejected) if (rejected.length < NAMED_LINES) rejected.push(shortened(line));
      return Promise.resolve();
    },
    onTaken: (reached) => {
      totals = reached.totals;
      for (const serial of reached.unknownMeters) if (unknownMeters.size < NAMED_METERS) unknownMeters.add(serial);
    },
  });
  if (!isComplete) throw new AppError('service_unreachable', 'the database is away', { retryable: true });
  const { stored, repeats, conflicts, unknown, refused, rejectedLines } = totals;
  return {
    stored,
    repeats,
    conflicts,
    unknown,
    unknownMeters: [...unknownMeters],
    refused,
    rejectedLines,
    rejected: rejected.map(({ bytes, ...line }) => ({ ...line, text: bytes.toString('utf8') })),
  };
}

/** A copy of the beginning, so that the block it stands in need not be kept. */
function shortened(line: RejectedLine): RejectedLine {
  return {
    ...line,
    detail: line.detail.slice(0, SHOWN_BYTES),
    bytes: Buffer.from(line.bytes.subarray(0, SHOWN_BYTES)),
  };
}
