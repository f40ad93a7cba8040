import { type ReadingRun, readingsIn } from './reading-run.ts';

/** Sign, flags and header extension of PostgreSQL's binary COPY format. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER_BYTES = 2;
const FIELDS = 4;
const INT8_BYTES = 8;
const FIELD_BYTES = 4 + INT8_BYTES;
const ROW_BYTES = 2 + FIELDS * FIELD_BYTES;
/** PostgreSQL counts time in microseconds from here. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const WORD = 2 ** 32;

/** The statement that takes these rows. */
export const COPY_READINGS =
  'copy register_reading (meter_id, read_at, index_l, received_at) from stdin (format binary)';

/** Readings as rows of a binary COPY: each of four int8 fields, since a timestamptz is one too. */
export function readingRows(runs: readonly ReadingRun[]): Buffer {
  const rows = Buffer.allocUnsafe(HEADER.length + readingsIn(runs) * ROW_BYTES + TRAILER_BYTES);
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
  HEADER.copy(rows);
  let at = HEADER.length;
  for (const { meterId, receivedAtMs, readings } of runs) {
    for (const { readAtMs, indexLitres } of readings) {
      view.setInt16(at, FIELDS);
      setField(view, at + 2, meterId);
      setField(view, at + 2 + FIELD_BYTES, microseconds(readAtMs));
      setField(view, at + 2 + 2 * FIELD_BYTES, indexLitres);
      setField(view, at + 2 + 3 * FIELD_BYTES, microseconds(receivedAtMs));
      at += ROW_BYTES;
    }
  }
  view.setInt16(at, -1);
  return rows;
}

function microseconds(ms: number): number {
  return (ms - POSTGRES_EPOCH_MS) * 1_000;
}

/** A whole number below 2^53 as length and int8. In two halves: a BigInt for each would take several times longer. */
function setField(view: DataView, at: number, amount: number): void {
  view.setInt32(at, INT8_BYTES);
  view.setInt32(at + 4, Math.floor(amount / WORD));
  view.setUint32(at + 8, amount >>> 0);
}
