import { startStopwatch } from '../../core/clock.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { createReadStream, statSync } from 'node:fs';
import { AppError, messageOf } from '../../core/errors.ts';
import { type FileReport, ingestFile } from '../../ingest/files/ingest-file.ts';
import type { LineFormatName } from '../../ingest/files/line-format.ts';
import type { LineTotals } from '../../ingest/files/line-totals.ts';
import type { TakeLinesDeps } from '../../ingest/files/take-lines.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { describeFile, type FileEnding } from './describe-file.ts';

export interface IngestArguments {
  /** Paths; `-` is standard input. */
  readonly files: readonly string[];
  readonly format?: LineFormatName | undefined;
  /** Where rejected lines go, for one file. */
  readonly rejected?: string | undefined;
  readonly fromStart?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Shows how far a file is. */
export interface ProgressOfFile {
  readonly show: (totals: LineTotals, bytesRead: number) => void;
  readonly end: () => void;
}

export interface IngestCommandDeps extends TakeLinesDeps {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Begins to show a file of so many bytes; undefined where nobody knows how many. */
  readonly progressOf: (path: string, bytes: number | undefined) => ProgressOfFile;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stop: AbortSignal;
}

export const STANDARD_INPUT = '-';

/**
 * `stillwater ingest`: takes files of readings in, one after the other, and says what became of them. Returns the exit
 * code: 0 when every line was taken; 1 when one was not, or it was told to stop; 2 when a file is no file of readings.
 *
 * @throws AppError `input_invalid` when a file is not there, before anything is taken.
 */
export async function ingestCommand(args: IngestArguments, deps: IngestCommandDeps): Promise<number> {
  checkArguments(args);
  const endings: FileEnding[] = [];
  for (const path of args.files) {
    if (deps.stop.aborted) break;
    const took = startStopwatch();
    const end = await takeFile(path, args, deps);
    const ending = { path, seconds: took() / SECOND_MS, ...end };
    endings.push(ending);
    if (!args.json) describeFile(ending, deps);
  }
  if (args.json) deps.print(JSON.stringify({ files: endings }));
  return endings.length < args.files.length ? EXIT.failed : Math.max(...endings.map(({ code }) => code));
}

async function takeFile(
  path: string,
  args: IngestArguments,
  deps: IngestCommandDeps,
): Promise<Pick<FileEnding, 'code' | 'report' | 'error'>> {
  const isStdin = path === STANDARD_INPUT;
  const progress = deps.progressOf(path, isStdin ? undefined : statSync(path).size);
  let bytesRead = 0;
  const source = () => counted(isStdin ? deps.stdin : createReadStream(path), (bytes) => (bytesRead += bytes));
  const file = {
    open: () => ((bytesRead = 0), source()),
    canReopen: !isStdin,
    format: args.format ?? formatByName(path),
    rejectedStem: args.rejected ?? `${isStdin ? 'stdin' : path}.rejected`,
    fromStart: args.fromStart === true,
  };
  const onProgress = (totals: LineTotals) => {
    progress.show(totals, bytesRead);
  };
  try {
    const report = await ingestFile(deps, file, { onProgress, stop: deps.stop });
    return { code: codeOf(report), report };
  } catch (error) {
    if (!(error instanceof AppError)) throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
    return { code: exitCodeFor(error), error: error.message };
  } finally {
    progress.end();
  }
}

function codeOf({ isComplete, totals }: FileReport): number {
  return isComplete && totals.rejectedLines === 0 && totals.refused === 0 ? EXIT.done : EXIT.failed;
}

function checkArguments({ files, rejected }: IngestArguments): void {
  if (rejected !== undefined && files.length > 1) throw refusal('--rejected needs one file alone');
  if (files.filter((path) => path === STANDARD_INPUT).length > 1) throw refusal('- stands for standard input once');
  for (const path of files) if (path !== STANDARD_INPUT) checkFile(path);
}

function checkFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw refusal(`${path}: there is no such file; nothing was taken`);
  if (!found.isFile()) throw refusal(`${path}: is not a file; nothing was taken`);
}

/** Undefined where the ending says nothing: the beginning of the file does then. */
function formatByName(path: string): LineFormatName | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.csv')) return 'csv';
  return /\.(ndjson|jsonl)$/.test(name) ? 'ndjson' : undefined;
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const part of bytes) {
    count(part.byteLength);
    yield part;
  }
}

function refusal(message: string): AppError {
  return new AppError('input_invalid', message);
}
