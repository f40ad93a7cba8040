import type { QuarantineReason } from '../../domain/metering/quarantine-reason.ts';
import type { DecodedMessage } from '../decoders/decoder.ts';
import type { InterpretedMessage } from '../message.ts';
import { refuseTooOld } from '../retention/refuse-too-old.ts';
import { groupByMeter, type Origin } from './group-by-meter.ts';
import { type LineBlock, MAX_LINE_BYTES } from './line-blocks.ts';
import type { LineFormat } from './line-format.ts';
import { mismatch } from './read-native.ts';

/** A line of which not everything could be taken. */
export interface RejectedLine {
  readonly line: number;
  readonly reason: QuarantineReason;
  /** What exactly was wrong, for a person to read. */
  readonly detail: string;
  /** The line as it came, or the beginning of one that is too long; without its line end. */
  readonly bytes: Buffer;
}

/** What a block of lines says. */
export interface Chunk {
  readonly messages: readonly InterpretedMessage[];
  readonly rejected: readonly RejectedLine[];
  /** How many readings the messages hold. */
  readonly readings: number;
  /** The line ends in the block. */
  readonly lines: number;
}

export interface BlockReader extends Origin {
  readonly format: LineFormat;
  /** Readings from before this moment are rejected. */
  readonly takenFromMs: number;
  /** The number of the block's first line, from 1. */
  readonly firstLine: number;
  /** A last line without a line end may have been cut off, and half a number is another number. */
  readonly lastLineMayBeCut: boolean;
}

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const KEPT_OF_A_LONG_LINE = 65_536;

/** Reads each line of a block by itself, so that a bad one does not take the good ones with it. */
export function interpretBlock({ bytes, holds }: LineBlock, reader: BlockReader): Chunk {
  if (holds !== 'lines') return pieceOfLongLine(bytes, holds, reader);
  const contents: DecodedMessage[] = [];
  const rejected: RejectedLine[] = [];
  let lines = 0;
  for (let from = 0; from < bytes.length; lines += 1) {
    const newline = bytes.indexOf(NEWLINE, from);
    const line = bytes.subarray(from, newline === -1 ? bytes.length : newline);
    from += line.length + 1;
    const number = reader.firstLine + lines;
    const read = readLine(line, number, newline !== -1, reader);
    if (read?.ok) contents.push(read.value);
    const wrong = read?.ok ? read.value.rejection : read?.error;
    if (wrong) rejected.push({ line: number, reason: wrong.reason, detail: wrong.detail, bytes: line });
  }
  const readings = contents.reduce((count, content) => count + content.readings.length, 0);
  return { messages: groupByMeter(contents, reader), rejected, readings, lines };
}

function readLine(line: Buffer, number: number, isEnded: boolean, reader: BlockReader): ReturnType<LineFormat['read']> {
  const { format, receivedAt, takenFromMs, lastLineMayBeCut } = reader;
  if (number === 1 && format.hasHeader) return undefined;
  const text = number === 1 ? withoutMark(line) : line;
  if (text.length > MAX_LINE_BYTES) return { ok: false, error: tooLong };
  const said = format.read(text, receivedAt);
  const read = said && refuseTooOld(said, takenFromMs);
  if (isEnded || !lastLineMayBeCut || format.isClosed || !read?.ok) return read;
  return mismatch('the file ends here without a line end: see that it is whole, and add one');
}

const tooLong = { reason: 'too_large', detail: `the line is longer than ${MAX_LINE_BYTES} bytes` } as const;

/** Only the beginning of a long line is kept: the rest is in the file that it came from. */
function pieceOfLongLine(bytes: Buffer, holds: LineBlock['holds'], { firstLine }: BlockReader): Chunk {
  const rejected = { line: firstLine, ...tooLong, bytes: Buffer.from(bytes.subarray(0, KEPT_OF_A_LONG_LINE)) };
  const lines = holds === 'longLineEnds' ? 1 : 0;
  return { messages: [], rejected: holds === 'longLineBegins' ? [rejected] : [], readings: 0, lines };
}

/** A file may begin with a byte-order mark, as those that Excel writes do. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
}
