import { z } from 'zod';
import { type Db, many, one, sql } from './sql.ts';

/** So many messages, and so many bytes of them. */
export interface Amount {
  readonly messages: number;
  readonly bytes: number;
}

const goneRow = z.object({ reason: z.string(), waiting: z.number(), replayed: z.number() });

/** What was deleted of one reason: messages that nobody ever took, and those that were taken since. */
export type GoneMessages = z.output<typeof goneRow>;

/** Deletes the messages that came before a time. */
export function deleteAged(db: Db, before: Date): Promise<GoneMessages[]> {
  return many(
    db,
    goneRow,
    sql`
      with gone as (delete from quarantined_message where received_at < ${before} returning reason, replayed_at)
      select reason, count(*) filter (where replayed_at is null) as waiting, count(replayed_at) as replayed
      from gone group by reason order by reason
    `,
  );
}

/** Deletes what goes beyond the share of its sender: first what was taken since, then the oldest. */
export function deleteBeyondSender(db: Db, { messages, bytes }: Amount): Promise<GoneMessages[]> {
  return many(
    db,
    goneRow,
    sql`
      with crowded as materialized (
        select sender from quarantined_message group by sender
        having count(*) > ${messages} or sum(octet_length(payload)) > ${bytes}
      ), ranked as (
        select id, row_number() over best as place, sum(octet_length(payload)) over best as reached
        from quarantined_message join crowded using (sender)
        window best as (partition by sender order by replayed_at is not null, id desc)
      ), gone as (
        delete from quarantined_message using ranked
        where ranked.id = quarantined_message.id and (place > ${messages} or reached > ${bytes})
        returning reason, replayed_at
      )
      select reason, count(*) filter (where replayed_at is null) as waiting, count(replayed_at) as replayed
      from gone group by reason order by reason
    `,
  );
}

/** The same for the share of a reason. */
export function deleteBeyondReason(db: Db, { messages, bytes }: Amount): Promise<GoneMessages[]> {
  return many(
    db,
    goneRow,
    sql`
      with crowded as materialized (
        select reason from quarantined_message group by reason
        having count(*) > ${messages} or sum(octet_length(payload)) > ${bytes}
      ), ranked as (
        select id, row_number() over best as place, sum(octet_length(payload)) over best as reached
        from quarantined_message join crowded using (reason)
        window best as (partition by reason order by replayed_at is not null, id desc)
      ), gone as (
        delete from quarantined_message using ranked
        where ranked.id = quarantined_message.id and (place > ${messages} or reached > ${bytes})
        returning reason, replayed_at
      )
      select reason, count(*) filter (where replayed_at is null) as waiting, count(replayed_at) as replayed
      from gone group by reason order by reason
    `,
  );
}

/** The same for the whole quarantine. */
export function deleteBeyondTotal(db: Db, { messages, bytes }: Amount): Promise<GoneMessages[]> {
  return many(
    db,
    goneRow,
    sql`
      with crowded as materialized (
        select from quarantined_message having count(*) > ${messages} or sum(octet_length(payload)) > ${bytes}
      ), ranked as (
        select id, row_number() over best as place, sum(octet_length(payload)) over best as reached
        from quarantined_message cross join crowded
        window best as (order by replayed_at is not null, id desc)
      ), gone as (
        delete from quarantined_message using ranked
        where ranked.id = quarantined_message.id and (place > ${messages} or reached > ${bytes})
        returning reason, replayed_at
      )
      select reason, count(*) filter (where replayed_at is null) as waiting, count(replayed_at) as replayed
      from gone group by reason order by reason
    `,
  );
}

/** How many messages came into quarantine since then. */
export async function countQuarantinedSince(db: Db, since: Date): Promise<number> {
  const { messages } = await one(
    db,
    z.object({ messages: z.number() }),
    sql`select count(*) as messages from quarantined_message where received_at >= ${since}`,
  );
  return messages;
}
