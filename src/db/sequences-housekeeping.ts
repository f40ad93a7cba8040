import { type Db, execute, sql, type Tx } from './sql.ts';

/**
 * Forgets the streams of these senders beyond the `keep` that were heard last. A sender starts another stream when it
 * lost count, so the old ones are of no more use. Returns how many went.
 */
export function forgetOldStreams(tx: Tx, senders: readonly string[], keep: number): Promise<number> {
  return execute(
    tx,
    sql`
      delete from sender_stream
      using (
        select sender, stream, row_number() over (partition by sender order by last_heard_at desc, stream desc) as place
        from sender_stream
        where sender = any (${senders})
      ) as ranked
      where sender_stream.sender = ranked.sender and sender_stream.stream = ranked.stream and place > ${keep}
    `,
  );
}

/** Forgets the streams that were heard last before `before`. Returns how many went. */
export function forgetSilentStreams(db: Db, before: Date): Promise<number> {
  return execute(db, sql`delete from sender_stream where last_heard_at < ${before}`);
}

/** Open gaps of streams that are forgotten are given up. Returns how many. */
export function giveUpForgottenGaps(db: Db, at: Date): Promise<number> {
  return execute(
    db,
    sql`
      update sequence_gap set given_up_at = ${at}
      where given_up_at is null and not exists (
        select from sender_stream
        where sender_stream.sender = sequence_gap.sender and sender_stream.stream = sequence_gap.stream
      )
    `,
  );
}

export interface GapBounds {
  readonly before: Date;
  readonly maxRows: number;
}

/** Deletes gaps that were given up before a time, and the oldest beyond the number allowed. Returns how many went. */
export function trimGaps(db: Db, { before, maxRows }: GapBounds): Promise<number> {
  return execute(
    db,
    sql`
      delete from sequence_gap
      where given_up_at < ${before}
         or id in (select id from sequence_gap where given_up_at is not null order by given_up_at desc, id desc offset ${maxRows})
    `,
  );
}
