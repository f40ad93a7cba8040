import { copyIn } from './copy-in.ts';
import { COPY_READINGS, readingRows, readingRowsBytes } from './reading-rows.ts';
import type { RunPieces } from './run-pieces.ts';
import type { Tx } from './sql.ts';

/** What each connection has written its rows into. A new buffer for each batch would wait for the garbage collector. */
const written = new WeakMap<Tx, Buffer>();
/** A larger one is not kept: a connection seldom writes so much. */
const KEPT_BYTES = 2 * 1024 * 1024;

/**
 * Writes readings straight into the table.
 *
 * @throws DatabaseError when one of them is there already; the transaction is then lost.
 */
export async function copyReadings(tx: Tx, pieces: RunPieces): Promise<void> {
  const bytes = readingRowsBytes(pieces);
  const kept = written.get(tx);
  const target = kept && kept.length >= bytes ? kept : Buffer.allocUnsafe(roomFor(bytes));
  // Where it fails, the rest may still be on its way to the server.
  written.delete(tx);
  await copyIn(tx, COPY_READINGS, readingRows(pieces, target));
  if (target.length <= KEPT_BYTES) written.set(tx, target);
}

/** The next batch is seldom equally large. */
function roomFor(bytes: number): number {
  return Math.ceil(bytes / 65_536) * 65_536;
}
