import { microseconds, putInt8 } from './int8-bytes.ts';
import type { RunPieces } from './run-pieces.ts';

/** Sign, flags and header extension of PostgreSQL's binary COPY format. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER_BYTES = 2;
const FIELDS = 4;
const FIELD_BYTES = 4 + 8;
const ROW_BYTES = 2 + FIELDS * FIELD_BYTES;

/** The statement that takes these rows. */
export const COPY_READINGS =
  'copy register_reading (meter_id, read_at, index_l, received_at) from stdin (format binary)';

/** How many bytes these readings take as rows of a COPY. */
export function readingRowsBytes({ readings }: RunPieces): number {
  return HEADER.length + readings * ROW_BYTES + TRAILER_BYTES;
}

/**
 * Readings as rows of a binary COPY: each of four int8 fields, since a timestamptz is one too. They are written to the
 * beginning of `target`, which must be large enough.
 */
export function readingRows(pieces: RunPieces, target: Buffer = Buffer.allocUnsafe(readingRowsBytes(pieces))): Buffer {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  HEADER.copy(target);
  let at = HEADER.length;
  for (let piece = 0; piece < pieces.count; piece += 1) at = putPiece(view, at, pieces, piece);
  view.setInt16(at, -1);
  return target.subarray(0, at + TRAILER_BYTES);
}

function putPiece(view: DataView, from: number, pieces: RunPieces, piece: number): number {
  const { readAtMs, indexLitres } = pieces.of;
  const meterId = pieces.meterIdOf(piece);
  const receivedAt = microseconds(pieces.receivedAtMsOf(piece));
  const end = pieces.ends[piece] ?? 0;
  let at = from;
  for (let i = pieces.starts[piece] ?? 0; i < end; i += 1) {
    view.setInt16(at, FIELDS);
    putInt8(view, at + 2, meterId);
    putInt8(view, at + 2 + FIELD_BYTES, microseconds(readAtMs[i] ?? 0));
    putInt8(view, at + 2 + 2 * FIELD_BYTES, indexLitres[i] ?? 0);
    putInt8(view, at + 2 + 3 * FIELD_BYTES, receivedAt);
    at += ROW_BYTES;
  }
  return at;
}
