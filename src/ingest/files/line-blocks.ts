/** Whole lines of a file, or a piece of a line that is too long to be read. */
export interface LineBlock {
  readonly bytes: Buffer;
  /** Lines are whole. A line that is too long comes in pieces. */
  readonly holds: 'lines' | 'longLineBegins' | 'longLineGoesOn' | 'longLineEnds';
}

/** A longer line is not read. */
export const MAX_LINE_BYTES = 262_144;
/** So much is read, understood and stored at a time: some 5,000 to 9,000 readings. */
const BLOCK_BYTES = 320 * 1_024;
const NEWLINE = 0x0a;

/** Cuts a stream of bytes at line ends, into blocks of bounded size. Only the last line may lack its line end. */
export async function* lineBlocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<LineBlock> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let isInLongLine = false;
  for await (const part of bytes) {
    waiting.push(part);
    size += part.byteLength;
    if (size < BLOCK_BYTES) continue;
    const cut = cutAtLineEnds(Buffer.concat(waiting), isInLongLine);
    yield* cut.blocks;
    isInLongLine = cut.isInLongLine;
    waiting = cut.rest.byteLength > 0 ? [cut.rest] : [];
    size = cut.rest.byteLength;
  }
  if (size > 0) yield* lastOf(Buffer.concat(waiting), isInLongLine);
}

interface Cut {
  readonly blocks: LineBlock[];
  readonly rest: Buffer;
  readonly isInLongLine: boolean;
}

function cutAtLineEnds(bytes: Buffer, isInLongLine: boolean): Cut {
  const first = isInLongLine ? bytes.indexOf(NEWLINE) + 1 : 0;
  const last = bytes.lastIndexOf(NEWLINE) + 1;
  if (last === 0) {
    const holds = isInLongLine ? 'longLineGoesOn' : 'longLineBegins';
    return { blocks: [{ bytes, holds }], rest: bytes.subarray(bytes.length), isInLongLine: true };
  }
  return { blocks: blocksOf(bytes.subarray(0, last), first), rest: bytes.subarray(last), isInLongLine: false };
}

function lastOf(bytes: Buffer, isInLongLine: boolean): LineBlock[] {
  if (!isInLongLine) return [{ bytes, holds: 'lines' }];
  return blocksOf(bytes, bytes.indexOf(NEWLINE) + 1 || bytes.length);
}

/** The end of a long line, where there is one, and the whole lines behind it. */
function blocksOf(bytes: Buffer, endOfLongLine: number): LineBlock[] {
  const blocks: LineBlock[] = [
    { bytes: bytes.subarray(0, endOfLongLine), holds: 'longLineEnds' },
    { bytes: bytes.subarray(endOfLongLine), holds: 'lines' },
  ];
  return blocks.filter((block) => block.bytes.length > 0);
}
