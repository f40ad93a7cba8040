import { microseconds, putInt8 } from './int8-bytes.ts';
import { type ReadingRun, readingsIn } from './reading-run.ts';

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
export function readingRowsBytes(runs: readonly ReadingRun[]): number {
  return HEADER.length + readingsIn(runs) * ROW_BYTES + TRAILER_BYTES;
}

/**
 * Readings as rows of a binary COPY: each of four int8 fields, since a timestamptz is one too. They are written to the
 * beginning of `target`, which must be large enough.
 */
export function readingRows(
  runs: readonly ReadingRun[],
  target: Buffer = Buffer.allocUnsafe(readingRowsBytes(runs)),
): Buffer {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  HEADER.copy(target);
  let at = HEADER.length;
  for (const { meterId, receivedAtMs, readings } of runs) {
    const receivedAt = microseconds(receivedAtMs);
    for (const { readAtMs, indexLitres } of readings) {
      view.setInt16(at, FIELDS);
      putInt8(view, at + 2, meterId);
      putInt8(view, at + 2 + FIELD_BYTES, microseconds(readAtMs));
      putInt8(view, at + 2 + 2 * FIELD_BYTES, indexLitres);
      putInt8(view, at + 2 + 3 * FIELD_BYTES, receivedAt);
      at += ROW_BYTES;
    }
  }
  view.setInt16(at, -1);
  return target.subarray(0, at + TRAILER_BYTES);
}
