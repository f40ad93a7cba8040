import { createHash } from 'node:crypto';
import { AppError, messageOf } from '../../core/errors.ts';
import { peek, unpacked } from './byte-streams.ts';
import { csvFormat } from './csv-format.ts';
import { withoutMark } from './interpret-block.ts';
import type { LineFormat, LineFormatName } from './line-format.ts';
import { ndjsonFormat } from './ndjson-format.ts';

/** A stream of lines whose format is known. */
export interface OpenedLines {
  readonly format: LineFormat;
  /** SHA-256 of the beginning, by which the same file is known again. */
  readonly key: Buffer;
  /** Everything from the beginning on, unpacked. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const HEAD_BYTES = 65_536;

/**
 * Looks at the beginning of a stream, packed with gzip or not.
 *
 * @throws AppError `input_invalid` when it is empty, cannot be read, or its beginning is of no known format.
 */
export async function openLines(
  source: AsyncIterable<Uint8Array>,
  format: LineFormatName | undefined,
): Promise<OpenedLines> {
  const { head, bytes } = await peek(await unpacked(source), HEAD_BYTES).catch((cause: unknown) => {
    throw refusal(messageOf(cause), cause);
  });
  if (head.length === 0) throw refusal('there is nothing in it');
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw refusal('it is UTF-16: save it again as UTF-8');
  }
  const key = createHash('sha256').update(head.subarray(0, HEAD_BYTES)).digest();
  return { format: formatOf(withoutMark(head), format), key, bytes };
}

function formatOf(head: Buffer, named: LineFormatName | undefined): LineFormat {
  const end = head.indexOf('\n');
  const first = head.subarray(0, end === -1 ? head.length : end);
  const begins = head.toString('latin1').trimStart().charAt(0);
  if (named !== 'csv' && begins === '[') throw refusal('it is one JSON array: write each of its members on a line');
  const name = named ?? (begins === '{' ? 'ndjson' : 'csv');
  return name === 'ndjson' ? ndjsonFormat : csvFormat(first);
}

function refusal(fault: string, cause?: unknown): AppError {
  return new AppError('input_invalid', fault, { publicMessage: fault, cause });
}
