import { z } from 'zod';
import { int8s, timestamps } from './binary-arrays.ts';
import { microseconds, writeInt8 } from './int8-bytes.ts';
import type { RunPieces } from './run-pieces.ts';
import { many, sql, type Tx } from './sql.ts';

/** A time and a register. */
const READING_BYTES = 16;
const placeRow = z.object({ place: z.number() });

/**
 * The pieces that are not stored already just as they are: a message that came again is found by one look at its meter and
 * its stretch of time, and not by one for each of its readings.
 *
 * Each piece is compared byte by byte with what stands between its first and its last time. One that fails the comparison
 * may still be stored: in part, or in another order than that of time.
 */
export async function withoutStanding(tx: Tx, pieces: RunPieces): Promise<RunPieces> {
  if (pieces.count === 0) return pieces;
  const each = (figure: (piece: number) => number) => Float64Array.from(pieces.runs, (_, piece) => figure(piece));
  const meterIds = int8s(
    tx,
    each((piece) => pieces.meterIdOf(piece)),
  );
  const from = timestamps(
    tx,
    each((piece) => pieces.firstReadAtMsOf(piece)),
  );
  const until = timestamps(
    tx,
    each((piece) => pieces.lastReadAtMsOf(piece)),
  );
  const lengths = int8s(
    tx,
    each((piece) => pieces.lengthOf(piece) * READING_BYTES),
  );
  const standing = await many(
    tx,
    placeRow,
    sql`
      select given.place
      from (
        select run.*, sum(length) over (order by place) - length as start
        from unnest(${meterIds}::int8[], ${from}::timestamptz[], ${until}::timestamptz[], ${lengths}::int8[])
          with ordinality as run (meter_id, from_at, until_at, length, place)
      ) given
      where substring(${bytesOf(pieces)}::bytea from given.start::int + 1 for given.length::int) = (
        select string_agg(timestamptz_send(read_at) || int8send(index_l), '')
        from (
          select read_at, index_l from register_reading
          where meter_id = given.meter_id and read_at between given.from_at and given.until_at
          order by read_at
        ) standing
      )
    `,
  );
  return pieces.without(new Set(standing.map(({ place }) => place - 1)));
}

/** Time and register of each reading, as the server sends them in binary form. */
function bytesOf(pieces: RunPieces): Buffer {
  const bytes = Buffer.allocUnsafe(pieces.readings * READING_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { readAtMs, indexLitres } = pieces.of;
  let at = 0;
  for (let piece = 0; piece < pieces.count; piece += 1) {
    for (let i = pieces.starts[piece] ?? 0; i < (pieces.ends[piece] ?? 0); i += 1) {
      writeInt8(view, at, microseconds(readAtMs[i] ?? 0));
      writeInt8(view, at + READING_BYTES / 2, indexLitres[i] ?? 0);
      at += READING_BYTES;
    }
  }
  return bytes;
}
