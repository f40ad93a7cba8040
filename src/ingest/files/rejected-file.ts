import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, messageOf } from '../../core/errors.ts';
import type { RejectedLine } from './interpret-block.ts';
import type { LineFormat } from './line-format.ts';

/** Where the rejected lines of a file are, and how many bytes of it are written. */
export interface RejectedSoFar {
  /** The name in the folder. */
  readonly name: string;
  readonly bytes: number;
}

/** The lines of a file that could not be taken, written so that they can be mended and sent again. */
export interface RejectedFile {
  /** Undefined while no line was rejected. */
  readonly soFar: () => RejectedSoFar | undefined;
  /** The path to show to people; undefined while no line was rejected. */
  readonly path: () => string | undefined;
  /** Begins a file, if there is none yet. Returns true when it did. */
  readonly begin: () => Promise<boolean>;
  /** Adds lines. Once this resolves, they are on the disk. */
  readonly append: (lines: readonly RejectedLine[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface RejectedFilePlan {
  /** The path without its ending. */
  readonly stem: string;
  readonly format: LineFormat;
  /** What an earlier run over the same file wrote: it is gone on with, and what is behind that is cut off. */
  readonly before: RejectedSoFar | undefined;
}

const MOST_NUMBERS = 10_000;

/**
 * Opens the file of rejected lines that an earlier run began, or prepares one that is made with the first rejected
 * line. A file that is there already is never written over: the next free number is taken.
 */
export async function rejectedFile({ stem, format, before }: RejectedFilePlan): Promise<RejectedFile> {
  let opened = before && (await reopen(join(dirname(stem), before.name), before.bytes));

  const begin = async () => {
    if (opened) return false;
    opened = await create(stem, format.name);
    return true;
  };
  return {
    soFar: () => opened && { name: basename(opened.path), bytes: opened.bytes },
    path: () => opened?.path,
    begin,
    append: async (lines) => {
      if (lines.length === 0) return;
      await begin();
      if (!opened) return;
      const header = opened.bytes === 0 ? [format.rejectedHeader] : [];
      const text = Buffer.concat([...header, ...lines.map((line) => format.withReason(line.bytes, reasonOf(line)))]);
      await opened.handle.write(text, 0, text.length, opened.bytes);
      await opened.handle.datasync();
      opened = { ...opened, bytes: opened.bytes + text.length };
    },
    close: async () => opened?.handle.close(),
  };
}

interface Opened {
  readonly handle: FileHandle;
  readonly path: string;
  readonly bytes: number;
}

/** Undefined for a file that is shorter than it was, or gone: somebody works on it, or is done with it. */
async function reopen(path: string, bytes: number): Promise<Opened | undefined> {
  const handle = await open(path, 'r+').catch(() => undefined);
  if (!handle) return undefined;
  if ((await handle.stat()).size < bytes) {
    await handle.close();
    return undefined;
  }
  await handle.truncate(bytes);
  return { handle, path, bytes };
}

async function create(stem: string, ending: string): Promise<Opened> {
  for (let number = 1; number < MOST_NUMBERS; number += 1) {
    const path = `${stem}${number === 1 ? '' : `-${number}`}.${ending}`;
    const handle = await open(path, 'wx').catch((error: unknown) => unlessTaken(path, error));
    if (handle) return { handle, path, bytes: 0 };
  }
  throw new AppError('input_invalid', `${stem}.${ending}: there are too many files of rejected lines beside it`);
}

function unlessTaken(path: string, error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
  const message = `${path} cannot be written: ${messageOf(error)}; name another file with --rejected`;
  throw new AppError('input_invalid', message, { cause: error });
}

/** On one line, whatever a stranger wrote. */
function reasonOf({ line, reason, detail }: RejectedLine): string {
  return `line ${line}: ${detail.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300)} (${reason})`;
}
