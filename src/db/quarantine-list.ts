import { z } from 'zod';
import { type Db, many, maybeOne, sql } from './sql.ts';

/** Which messages of the quarantine are meant; what is left out means all. */
export interface QuarantineFilter {
  readonly reason?: string | undefined;
  /** Of this meter: it is named by the message, or by the topic. */
  readonly serial?: string | undefined;
  readonly id?: number | undefined;
}

const entryRow = z.object({
  id: z.number(),
  receivedAt: z.date(),
  source: z.string(),
  topic: z.string(),
  reason: z.string(),
  detail: z.string(),
  serial: z.string().nullable(),
  payloadBytes: z.number(),
  replayedAt: z.date().nullable(),
  retriedAt: z.date().nullable(),
});
export type QuarantineEntry = z.output<typeof entryRow>;

/** The newest of the messages that wait in quarantine, without their payloads. */
export function listQuarantine(
  db: Db,
  { reason, serial, id }: QuarantineFilter,
  limit: number,
): Promise<QuarantineEntry[]> {
  return many(
    db,
    entryRow,
    sql`
      select id, received_at as "receivedAt", source, topic, reason, detail, serial, payload_bytes as "payloadBytes",
             replayed_at as "replayedAt", retried_at as "retriedAt"
      from quarantined_message
      where replayed_at is null
        and (${reason}::text is null or reason = ${reason})
        and (${serial}::text is null or serial = ${serial} or ${serial} = any (string_to_array(topic, '/')))
        and (${id}::bigint is null or id = ${id})
      order by id desc
      limit ${limit}
    `,
  );
}

const foundRow = entryRow.extend({ payload: z.instanceof(Uint8Array) });
export type QuarantineEntryWithPayload = z.output<typeof foundRow>;

/** One entry with what is kept of its payload; undefined when there is none of this id. */
export function findQuarantined(db: Db, id: number): Promise<QuarantineEntryWithPayload | undefined> {
  return maybeOne(
    db,
    foundRow,
    sql`
      select id, received_at as "receivedAt", source, topic, reason, detail, serial, payload_bytes as "payloadBytes",
             replayed_at as "replayedAt", retried_at as "retriedAt", payload
      from quarantined_message
      where id = ${id}
    `,
  );
}

const countRow = z.object({ reason: z.string(), messages: z.number(), firstAt: z.date(), lastAt: z.date() });
export type QuarantineCount = z.output<typeof countRow>;

/** How many messages wait in quarantine for each reason, the most frequent first, and when they came. */
export function countQuarantine(db: Db): Promise<QuarantineCount[]> {
  return many(
    db,
    countRow,
    sql`
      select reason, count(*) as messages, min(received_at) as "firstAt", max(received_at) as "lastAt"
      from quarantined_message
      where replayed_at is null
      group by reason
      order by messages desc, reason
    `,
  );
}

const unknownRow = countRow.omit({ reason: true }).extend({ serial: z.string(), alike: z.string().nullable() });

/** A meter that sends and that nobody registered. */
export type UnknownMeter = z.output<typeof unknownRow>;

/**
 * The meters that send and that nobody knows, the most frequent first. `alike` is a registered meter whose serial is
 * written with the same letters and digits: most likely somebody mistyped the rest.
 */
export function listUnknownMeters(db: Db, limit: number): Promise<UnknownMeter[]> {
  return many(
    db,
    unknownRow,
    sql`
      with unknown as (
        select serial, count(*) as messages, min(received_at) as first_at, max(received_at) as last_at
        from quarantined_message
        where reason = 'unknown_meter' and replayed_at is null and serial is not null
        group by serial
        order by messages desc, serial
        limit ${limit}
      )
      select serial, messages, first_at as "firstAt", last_at as "lastAt",
             (select min(meter.serial) from meter
              where lower(regexp_replace(meter.serial, '[^A-Za-z0-9]', '', 'g'))
                    = lower(regexp_replace(unknown.serial, '[^A-Za-z0-9]', '', 'g'))) as alike
      from unknown
      order by messages desc, serial
    `,
  );
}
