import { z } from 'zod';
import { REPLY_MEANINGS, type ReplyMeaning } from '../domain/notification/reply-meaning.ts';
import { type Db, execute, many, maybeOne, sql } from './sql.ts';

export interface NewReply {
  readonly gateway: string;
  readonly reference: string;
  readonly phone: string;
  readonly personId: number | undefined;
  readonly body: string;
  readonly meaning: ReplyMeaning;
}

export type ReplyResult =
  'claimed' | 'answered' | 'opted_out' | 'opted_in' | 'daily_stopped' | 'kept' | 'ambiguous' | 'refused' | 'unmatched';

/**
 * Keeps a reply. Yields its number, also of one that was kept before and on which nothing was done yet; undefined when
 * all has been done.
 */
export async function keepReply(db: Db, reply: NewReply, at: Date): Promise<number | undefined> {
  const { gateway, reference, phone, personId, body, meaning } = reply;
  await execute(
    db,
    sql`
      insert into inbound_reply (gateway, reference, phone, person_id, body, meaning, received_at)
      values (${gateway}, ${reference}, ${phone}, ${personId ?? null}, ${body}, ${meaning}, ${at})
      on conflict (gateway, reference) do nothing
    `,
  );
  const row = await maybeOne(
    db,
    z.object({ id: z.number() }),
    sql`
      select id from inbound_reply where gateway = ${gateway} and reference = ${reference}
        and not exists (select from inbound_reply_result where reply_id = inbound_reply.id)
    `,
  );
  return row?.id;
}

export async function recordReplyResult(
  db: Db,
  done: { readonly replyId: number; readonly result: ReplyResult; readonly alertId?: number | undefined },
  at: Date,
): Promise<void> {
  await execute(
    db,
    sql`
      insert into inbound_reply_result (reply_id, result, alert_id, at)
      values (${done.replyId}, ${done.result}, ${done.alertId ?? null}, ${at})
      on conflict (reply_id) do nothing
    `,
  );
}

/** The open alerts about which somebody was texted, or may have been. */
export async function openAlertsTexted(db: Db, personId: number): Promise<number[]> {
  const rows = await many(
    db,
    z.object({ id: z.number() }),
    sql`
      select distinct alert.id from outbox join alert on alert.id = outbox.alert_id
      where outbox.person_id = ${personId} and outbox.may_have_left
        and alert.state <> 'closed'
      order by alert.id
    `,
  );
  return rows.map(({ id }) => id);
}

/** Whether somebody wants texts. */
export async function setOptedOut(db: Db, personId: number, optedOutAt: Date | null): Promise<void> {
  await execute(db, sql`update person set opted_out_at = ${optedOutAt} where id = ${personId}`);
}

const listed = z.object({
  id: z.number(),
  receivedAt: z.date(),
  gateway: z.string(),
  phone: z.string(),
  personName: z.string().nullable(),
  body: z.string(),
  meaning: z.enum(REPLY_MEANINGS),
  result: z.string().nullable(),
  alertId: z.number().nullable(),
});

/** A reply as the desk reads it. */
export type ListedReply = z.output<typeof listed>;

/** The latest replies, the newest first: all, or those that a person must still read. */
export function latestReplies(db: Db, { all, limit }: { all: boolean; limit: number }): Promise<ListedReply[]> {
  return many(
    db,
    listed,
    sql`
      select inbound_reply.id, received_at as "receivedAt", gateway, inbound_reply.phone, person.name as "personName",
             body, meaning, result, alert_id as "alertId"
      from inbound_reply
      left join inbound_reply_result on reply_id = inbound_reply.id
      left join person on person.id = inbound_reply.person_id
      where ${all}::boolean or result is null or result in ('kept', 'ambiguous', 'refused', 'unmatched')
      order by inbound_reply.id desc limit ${limit}
    `,
  );
}
