import { z } from 'zod';
import { int8s, timestamps } from './binary-arrays.ts';
import { microseconds, writeInt8 } from './int8-bytes.ts';
import { type ReadingRun, readingsIn } from './reading-run.ts';
import { many, sql, type Tx } from './sql.ts';

/** A time and a register. */
const READING_BYTES = 16;
const placeRow = z.object({ place: z.number() });

/**
 * The runs that are not stored already just as they are: a message that came again is found by one look at its meter and
 * its stretch of time, and not by one for each of its readings.
 *
 * Each run is compared byte by byte with what stands between its first and its last time. One that fails the comparison
 * may still be stored: in part, or in another order than that of time.
 */
export async function withoutStanding(tx: Tx, runs: readonly ReadingRun[]): Promise<readonly ReadingRun[]> {
  if (runs.length === 0) return runs;
  const meterIds = int8s(
    tx,
    runs.map(({ meterId }) => meterId),
  );
  const from = timestamps(
    tx,
    runs.map(({ readings }) => readings[0]?.readAtMs ?? 0),
  );
  const until = timestamps(
    tx,
    runs.map(({ readings }) => readings.at(-1)?.readAtMs ?? 0),
  );
  const lengths = int8s(
    tx,
    runs.map(({ readings }) => readings.length * READING_BYTES),
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
      where substring(${bytesOf(runs)}::bytea from given.start::int + 1 for given.length::int) = (
        select string_agg(timestamptz_send(read_at) || int8send(index_l), '')
        from (
          select read_at, index_l from register_reading
          where meter_id = given.meter_id and read_at between given.from_at and given.until_at
          order by read_at
        ) standing
      )
    `,
  );
  const places = new Set(standing.map(({ place }) => place));
  return runs.filter((_, i) => !places.has(i + 1));
}

/** Time and register of each reading, as the server sends them in binary form. */
function bytesOf(runs: readonly ReadingRun[]): Buffer {
  const bytes = Buffer.allocUnsafe(readingsIn(runs) * READING_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (const { readings } of runs) {
    for (const { readAtMs, indexLitres } of readings) {
      writeInt8(view, at, microseconds(readAtMs));
      writeInt8(view, at + READING_BYTES / 2, indexLitres);
      at += READING_BYTES;
    }
  }
  return bytes;
}
