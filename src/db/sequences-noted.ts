import { z } from 'zod';
import { int8Array } from './array-literal.ts';
import { execute, many, sql, type Tx } from './sql.ts';

/** Numbers of one stream that came in one batch, both ends included. */
export interface NotedSequence {
  /** Sender and stream are names: letters, digits and `._:-` only. A stream may be empty. */
  readonly sender: string;
  readonly stream: string;
  readonly first: number;
  readonly last: number;
  /** The lowest number that the sender can still send, where it said so. */
  readonly oldest: number | undefined;
}

/**
 * Notes which numbers came with a batch.
 *
 * Must run in the transaction that stores the batch: a number is noted exactly when its message is stored.
 */
export async function noteSequences(tx: Tx, noted: readonly NotedSequence[], at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into sequence_note (noted_at, senders, streams, first_seqs, last_seqs, oldest_seqs)
      values (
        ${at},
        ${nameArray(noted.map(({ sender }) => sender))}::text[],
        ${nameArray(noted.map(({ stream }) => stream))}::text[],
        ${int8Array(noted.map(({ first }) => first))}::int8[],
        ${int8Array(noted.map(({ last }) => last))}::int8[],
        ${`{${noted.map(({ oldest }) => oldest ?? 'null').join(',')}}`}::int8[]
      )
    `,
  );
}

/** Names as the text of an array. They have no character that would need more than the quotes. */
function nameArray(names: readonly string[]): string {
  return names.length === 0 ? '{}' : `{"${names.join('","')}"}`;
}

const takenRow = z.object({
  sender: z.string(),
  stream: z.string(),
  first: z.number(),
  last: z.number(),
  oldest: z.number().nullable(),
});
export type TakenSequence = z.output<typeof takenRow>;

/**
 * Takes the oldest notes away. Must run in the transaction that merges them: should that fail, they are still there.
 * Returns what the notes say; `notes` is how many there were.
 */
export async function takeSequenceNotes(
  tx: Tx,
  limit: number,
): Promise<{ readonly notes: number; readonly sequences: readonly TakenSequence[] }> {
  const rows = await many(
    tx,
    takenRow.extend({ id: z.number() }),
    sql`
      with taken as (
        delete from sequence_note
        where id in (select id from sequence_note order by id limit ${limit})
        returning id, senders, streams, first_seqs, last_seqs, oldest_seqs
      )
      select id, sender, stream, first, last, oldest
      from taken
      cross join lateral unnest(senders, streams, first_seqs, last_seqs, oldest_seqs)
        as noted (sender, stream, first, last, oldest)
    `,
  );
  return { notes: new Set(rows.map(({ id }) => id)).size, sequences: rows };
}
