import { z } from 'zod';
import { keptDetail } from './quarantine.ts';
import type { QuarantineFilter } from './quarantine-list.ts';
import { type Db, execute, many, one, sql, type Tx } from './sql.ts';

const replayRow = z.object({
  id: z.number(),
  receivedAt: z.date(),
  source: z.enum(['mqtt', 'http', 'file']),
  topic: z.string(),
  payload: z.instanceof(Uint8Array),
  payloadBytes: z.number(),
});

/** A message of the quarantine as it came, ready to be read again. */
export type MessageToReplay = z.output<typeof replayRow>;

export interface ReplayPage {
  /** Only messages older than this one: the newest come first. */
  readonly beforeId: number;
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/**
 * The newest messages that wait in quarantine and were kept whole, before `beforeId`: at least one where there is any,
 * and otherwise no more than the page may hold.
 */
export function messagesToReplay(
  db: Db,
  { reason, serial, id }: QuarantineFilter,
  { beforeId, maxMessages, maxBytes }: ReplayPage,
): Promise<MessageToReplay[]> {
  return many(
    db,
    replayRow,
    sql`
      with newest as (
        select id, payload_bytes
        from quarantined_message
        where replayed_at is null and id < ${beforeId} and octet_length(payload) = payload_bytes
          and (${reason}::text is null or reason = ${reason})
          and (${serial}::text is null or serial = ${serial} or ${serial} = any (string_to_array(topic, '/')))
          and (${id}::bigint is null or id = ${id})
        order by id desc
        limit ${maxMessages}
      ), candidate as (
        select id, sum(payload_bytes) over (order by id desc) - payload_bytes as bytes_before from newest
      )
      select id, received_at as "receivedAt", source, topic, payload, payload_bytes as "payloadBytes"
      from quarantined_message join candidate using (id)
      where bytes_before < ${maxBytes}
      order by id desc
    `,
  );
}

/** The messages of meters that were unknown and have been registered since; in pages as above. */
export function messagesToAdopt(db: Db, { beforeId, maxMessages, maxBytes }: ReplayPage): Promise<MessageToReplay[]> {
  return many(
    db,
    replayRow,
    sql`
      with newest as (
        select quarantined_message.id, payload_bytes
        from quarantined_message
        join meter using (serial)
        where reason = 'unknown_meter' and replayed_at is null and quarantined_message.id < ${beforeId}
          and octet_length(payload) = payload_bytes
        order by quarantined_message.id desc
        limit ${maxMessages}
      ), candidate as (
        select id, sum(payload_bytes) over (order by id desc) - payload_bytes as bytes_before from newest
      )
      select id, received_at as "receivedAt", source, topic, payload, payload_bytes as "payloadBytes"
      from quarantined_message join candidate using (id)
      where bytes_before < ${maxBytes}
      order by id desc
    `,
  );
}

const waitingRow = z.object({ whole: z.number(), cut: z.number() });

/** How many messages wait: those that were kept whole, and those of which only the beginning is there. */
export function countWaiting(db: Db, { reason, serial, id }: QuarantineFilter): Promise<z.output<typeof waitingRow>> {
  return one(
    db,
    waitingRow,
    sql`
      select count(*) filter (where octet_length(payload) = payload_bytes) as whole,
             count(*) filter (where octet_length(payload) < payload_bytes) as cut
      from quarantined_message
      where replayed_at is null
        and (${reason}::text is null or reason = ${reason})
        and (${serial}::text is null or serial = ${serial} or ${serial} = any (string_to_array(topic, '/')))
        and (${id}::bigint is null or id = ${id})
    `,
  );
}

/** Marks messages as taken after all. Returns how many were not marked before. */
export function markReplayed(tx: Tx, ids: readonly number[], at: Date): Promise<number> {
  return execute(
    tx,
    sql`update quarantined_message set replayed_at = ${at} where id = any (${ids}) and replayed_at is null`,
  );
}

/** A message that was tried again and refused again. */
export interface RefusedAgain {
  readonly id: number;
  readonly reason: string;
  readonly detail: string;
  readonly serial: string | undefined;
}

/** Brings the reasons of messages up to date that were refused again; one that was taken meanwhile stays taken. */
export async function markRefused(tx: Tx, refused: readonly RefusedAgain[], at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      update quarantined_message
      set reason = given.reason, detail = given.detail, serial = given.serial, retried_at = ${at}
      from unnest(
        ${refused.map(({ id }) => id)}::bigint[], ${refused.map(({ reason }) => reason)}::text[],
        ${refused.map(({ detail }) => keptDetail(detail))}::text[], ${refused.map(({ serial }) => serial ?? null)}::text[]
      ) as given (id, reason, detail, serial)
      where quarantined_message.id = given.id and replayed_at is null
    `,
  );
}
