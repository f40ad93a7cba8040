import { z } from 'zod';
import { type Db, type DbPool, execute, maybeOne, one, sql } from './sql.ts';

const takenSoFar = z.object({
  takenBytes: z.number(),
  takenLines: z.number(),
  /** SHA-256 of all bytes that were taken, by which a file that was changed meanwhile is known. */
  takenSha256: z.instanceof(Uint8Array),
  /** The name of the file with the rejected lines, and how long it was; undefined while no line was rejected. */
  rejectedFile: z
    .string()
    .nullable()
    .transform((name) => name ?? undefined),
  rejectedBytes: z.number(),
  /** What became of the lines so far, as whoever saved it wrote it. */
  totals: z.unknown(),
});

/** How far a file was taken in. Its key is the SHA-256 of its beginning. */
export type FileCheckpoint = z.output<typeof takenSoFar>;

const KEPT_DAYS = 30;

/** How far the file with this beginning was taken in; undefined when it was not begun, or is done. */
export function findFileCheckpoint(db: Db, key: Uint8Array): Promise<FileCheckpoint | undefined> {
  return maybeOne(
    db,
    takenSoFar,
    sql`
      select taken_bytes as "takenBytes", taken_lines as "takenLines", taken_sha256 as "takenSha256",
             rejected_file as "rejectedFile", rejected_bytes as "rejectedBytes", totals
      from reading_file
      where content_key = ${key}
    `,
  );
}

/** Keeps how far a file was taken in, in the place of what was kept of it before. */
export async function saveFileCheckpoint(db: Db, key: Uint8Array, reached: FileCheckpoint, at: Date): Promise<void> {
  const { takenBytes, takenLines, takenSha256, rejectedFile = null, rejectedBytes, totals } = reached;
  await execute(
    db,
    sql`
      insert into reading_file
        (content_key, taken_bytes, taken_lines, taken_sha256, rejected_file, rejected_bytes, totals, saved_at)
      values (${key}, ${takenBytes}, ${takenLines}, ${takenSha256}, ${rejectedFile}, ${rejectedBytes},
              ${JSON.stringify(totals)}::jsonb, ${at})
      on conflict (content_key) do update
      set taken_bytes = excluded.taken_bytes, taken_lines = excluded.taken_lines, taken_sha256 = excluded.taken_sha256,
          rejected_file = excluded.rejected_file, rejected_bytes = excluded.rejected_bytes, totals = excluded.totals,
          saved_at = excluded.saved_at
    `,
  );
}

/** Forgets a file that is done, and with it those that nobody has gone on with for a month. */
export async function forgetFile(db: Db, key: Uint8Array, at: Date): Promise<void> {
  await execute(
    db,
    sql`
      delete from reading_file
      where content_key = ${key} or saved_at < ${at}::timestamptz - make_interval(days => ${KEPT_DAYS})
    `,
  );
}

const heldRow = z.object({ held: z.boolean() });

/**
 * Claims a file for this process, so that no other one takes it in at the same time. Returns how to let go of it, or
 * undefined when another process has it. The claim is bound to a connection: a process that dies lets go of it.
 */
export async function claimFile(pool: DbPool, key: Uint8Array): Promise<(() => void) | undefined> {
  const client = await pool.connect();
  // A connection that breaks takes the claim with it. Storing goes over others, and says what is wrong with them.
  client.on('error', () => undefined);
  // Closing the connection gives the claim back, also where the server is out of reach.
  const letGo = () => {
    client.release(true);
  };
  const number = Buffer.from(key).readBigInt64BE(0).toString();
  try {
    const { held } = await one(client, heldRow, sql`select pg_try_advisory_lock(${number}::int8) as held`);
    if (held) return letGo;
  } catch (error) {
    letGo();
    throw error;
  }
  letGo();
  return undefined;
}
