import { createHash, type Hash } from 'node:crypto';
import { crashPoint } from '../../core/crash-point.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import {
  claimFile,
  type FileCheckpoint,
  findFileCheckpoint,
  forgetFile,
  saveFileCheckpoint,
} from '../../db/file-ingest.ts';
import type { Db, Tx } from '../../db/sql.ts';
import { readOff } from './byte-streams.ts';
import { lineBlocks } from './line-blocks.ts';
import type { LineFormatName } from './line-format.ts';
import { lineTotals, type LineTotals, noLines } from './line-totals.ts';
import { type OpenedLines, openLines } from './open-lines.ts';
import { rejectedFile, type RejectedFile } from './rejected-file.ts';
import { type Reached, takeLines, type TakeLinesDeps } from './take-lines.ts';

export interface FileToIngest {
  /** The bytes from the beginning, packed with gzip or not. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Whether it can be opened again. What cannot is never gone on with, only begun. */
  readonly canReopen: boolean;
  /** Undefined where it is to be told from the beginning of the file. */
  readonly format: LineFormatName | undefined;
  /** Where rejected lines go: a path without its ending. */
  readonly rejectedStem: string;
  /** Takes the file from its beginning, even if an earlier run was broken off further on. */
  readonly fromStart: boolean;
}

export interface FileWatch {
  /** Told after each chunk what became of the lines so far. */
  readonly onProgress: (totals: LineTotals) => void;
  /** Ends the run at the next chunk; running it again goes on from there. */
  readonly stop: AbortSignal;
}

export interface FileReport {
  readonly format: LineFormatName;
  /** False when it was told to stop before the end. */
  readonly isComplete: boolean;
  /** The lines that an earlier run had taken already. */
  readonly resumedAfterLine: number;
  /** Of all runs over the file together. */
  readonly totals: LineTotals;
  readonly rejectedPath: string | undefined;
  /** The first of the meters that nobody registered, in this run. */
  readonly unknownMeters: readonly string[];
}

const NAMED_METERS = 5;

/** What is known of a file of which a part was taken before, or nothing. */
interface Beginning {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly hash: Hash;
  readonly checkpoint: FileCheckpoint | undefined;
  readonly totals: LineTotals;
}

/**
 * Takes a file of readings in. A run that is broken off is gone on with by the next one over the same file, from the
 * last chunk that was committed, for how far it is taken is committed with the chunk; a file that was changed before
 * that is begun anew. Whatever is read twice is stored once.
 *
 * @throws AppError `input_invalid` when it is no file of readings; `already_running` when another process takes it in.
 */
export async function ingestFile(deps: TakeLinesDeps, file: FileToIngest, watch: FileWatch): Promise<FileReport> {
  const opened = await openFile(file);
  const letGo = file.canReopen ? await claim(deps, opened.key) : undefined;
  try {
    const beginning = await beginningOf(deps, file, opened);
    const { checkpoint } = beginning;
    const before = checkpoint?.rejectedFile
      ? { name: checkpoint.rejectedFile, bytes: checkpoint.rejectedBytes }
      : undefined;
    const rejected = await rejectedFile({ stem: file.rejectedStem, format: opened.format, before });
    try {
      return await take(deps, { file, opened, beginning, rejected, watch });
    } finally {
      await rejected.close();
    }
  } finally {
    letGo?.();
  }
}

interface Run {
  readonly file: FileToIngest;
  readonly opened: OpenedLines;
  readonly beginning: Beginning;
  readonly rejected: RejectedFile;
  readonly watch: FileWatch;
}

async function take(deps: TakeLinesDeps, { file, opened, beginning, rejected, watch }: Run): Promise<FileReport> {
  const { hash, checkpoint } = beginning;
  const unknownMeters = new Set<string>();
  const taken = { bytes: checkpoint?.takenBytes ?? 0, lines: checkpoint?.takenLines ?? 0, totals: beginning.totals };

  const save = async (db: Db, reached: typeof taken, sha256: FileCheckpoint['takenSha256']) => {
    const soFar = rejected.soFar();
    const checkpoint: FileCheckpoint = {
      takenBytes: reached.bytes,
      takenLines: reached.lines,
      takenSha256: sha256,
      rejectedFile: soFar?.name,
      rejectedBytes: soFar?.bytes ?? 0,
      totals: reached.totals,
    };
    await saveFileCheckpoint(db, opened.key, checkpoint, deps.clock.now());
    crashPoint('file.checkpointed');
  };
  const saveRejectedName = () =>
    save(deps.pool, taken, hash.copy().digest()).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'the file of rejected lines could not be noted; it goes on');
    });
  const note = async (tx: Tx, { block, lines, totals }: Reached) => {
    // Nobody could go on from the middle of a line.
    if (block.holds !== 'lines' && block.holds !== 'longLineEnds') return;
    const reached = { bytes: taken.bytes + block.bytes.length, lines, totals };
    await save(tx, reached, hash.copy().update(block.bytes).digest());
  };
  const onTaken = ({ block, lines, totals, unknownMeters: unknown }: Reached) => {
    hash.update(block.bytes);
    Object.assign(taken, { bytes: taken.bytes + block.bytes.length, lines, totals });
    for (const serial of unknown) if (unknownMeters.size < NAMED_METERS) unknownMeters.add(serial);
    watch.onProgress(totals);
  };

  const isComplete = await takeLines(deps, {
    source: 'file',
    format: opened.format,
    blocks: lineBlocks(beginning.bytes),
    lastLineMayBeCut: true,
    before: taken,
    stopOf: () => watch.stop,
    onRejected: async (chunk) => {
      // The name is noted before anything is in the file, so that a run that is broken off here finds it again.
      const isBegun = chunk.rejected.length > 0 && (await rejected.begin());
      if (isBegun && file.canReopen) await saveRejectedName();
      await rejected.append(chunk.rejected);
      crashPoint('file.rejected_written');
    },
    note: file.canReopen ? note : undefined,
    onTaken,
  });
  if (isComplete && file.canReopen) await forgetFile(deps.pool, opened.key, deps.clock.now());
  return {
    format: opened.format.name,
    isComplete,
    resumedAfterLine: checkpoint?.takenLines ?? 0,
    totals: taken.totals,
    rejectedPath: rejected.path(),
    unknownMeters: [...unknownMeters],
  };
}

async function openFile(file: FileToIngest): Promise<OpenedLines> {
  const opened = await openLines(file.open(), file.format);
  return { ...opened, bytes: readable(opened.bytes) };
}

/** The bytes, until they cannot be read any further: a packed file may end early, and a disk may fail. */
async function* readable(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* bytes;
  } catch (cause) {
    const message = `it cannot be read to its end: ${messageOf(cause)}; what comes before is taken`;
    throw new AppError('input_invalid', message, { cause });
  }
}

async function claim({ pool }: TakeLinesDeps, key: Uint8Array): Promise<() => void> {
  const letGo = await claimFile(pool, key);
  if (letGo) return letGo;
  throw new AppError('already_running', 'another process is taking this file in', { retryable: true });
}

/** Where to go on, when all that was taken before is still as it was; otherwise the beginning of the file. */
async function beginningOf({ pool }: TakeLinesDeps, file: FileToIngest, opened: OpenedLines): Promise<Beginning> {
  const whole = { hash: createHash('sha256'), checkpoint: undefined, totals: noLines() };
  const isResumed = file.canReopen && !file.fromStart;
  const checkpoint = isResumed ? await findFileCheckpoint(pool, opened.key) : undefined;
  const totals = lineTotals.safeParse(checkpoint?.totals);
  if (!checkpoint || !totals.success) return { ...whole, bytes: opened.bytes };

  const hash = createHash('sha256');
  const rest = await readOff(opened.bytes, checkpoint.takenBytes, hash);
  const isAsItWas = rest !== undefined && hash.copy().digest().equals(checkpoint.takenSha256);
  if (isAsItWas) return { bytes: rest, hash, checkpoint, totals: totals.data };
  const again = await openFile(file);
  return { ...whole, bytes: again.bytes };
}
