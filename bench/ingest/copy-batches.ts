import { contentAt, rowsOf, type Row, type Workload } from './workload.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const COLUMNS = 4;
const ROW_BYTES = 2 + COLUMNS * (4 + 8);
/** PostgreSQL counts the microseconds since 2000. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** The rows of a workload in the format of COPY BINARY, in the order of its messages: meter, time, litres, received. */
export function copyBatches(workload: Workload, firstMeterId: number, rowsABatch: number): Buffer[] {
  const rows: Row[] = [];
  for (let place = 0; place < workload.messages; place += 1) rows.push(...rowsOf(workload, contentAt(workload, place)));
  const batches: Buffer[] = [];
  for (let start = 0; start < rows.length; start += rowsABatch) {
    batches.push(copyBatch(rows.slice(start, start + rowsABatch), firstMeterId));
  }
  return batches;
}

/** One batch, from the signature to the trailer. The readings count as received when they were read. */
export function copyBatch(rows: readonly Row[], firstMeterId: number): Buffer {
  const body = Buffer.allocUnsafe(rows.length * ROW_BYTES);
  let at = 0;
  for (const { meter, readAtMs, indexLitres } of rows) {
    at = body.writeInt16BE(COLUMNS, at);
    for (const value of [firstMeterId + meter, microseconds(readAtMs), indexLitres, microseconds(readAtMs)]) {
      at = body.writeInt32BE(8, at);
      at = body.writeBigInt64BE(BigInt(value), at);
    }
  }
  return Buffer.concat([SIGNATURE, body, TRAILER]);
}

function microseconds(atMs: number): number {
  return (atMs - POSTGRES_EPOCH_MS) * 1_000;
}
