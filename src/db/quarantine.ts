import { z } from 'zod';
import type { QuarantineReason } from '../domain/metering/quarantine-reason.ts';
import { type Db, execute, many, maybeOne, sql } from './sql.ts';

/** A message that could not be taken, whole or in part. */
export interface QuarantinedMessage {
  readonly receivedAt: Date;
  readonly source: 'mqtt' | 'http' | 'file';
  readonly topic: string;
  /** The message as it came, or its beginning: only the first 64 KiB are kept. */
  readonly payload: Uint8Array;
  /** The length of the whole payload. */
  readonly payloadBytes: number;
  readonly reason: QuarantineReason;
  /** What exactly was wrong, for a person to read. */
  readonly detail: string;
}

/** How much of a payload is kept. */
export const KEPT_PAYLOAD_BYTES = 65_536;

const MAX_DETAIL_CHARS = 500;
const DAY_MS = 86_400_000;

/** Keeps messages where somebody can look at them. */
export async function quarantine(db: Db, messages: readonly QuarantinedMessage[]): Promise<void> {
  await execute(
    db,
    sql`
      insert into quarantined_message (received_at, source, topic, payload, payload_bytes, reason, detail)
      select * from unnest(
        ${messages.map(({ receivedAt }) => receivedAt)}::timestamptz[],
        ${messages.map(({ source }) => source)}::text[],
        ${messages.map(({ topic }) => storable(topic))}::text[],
        ${messages.map(({ payload }) => Buffer.from(payload.subarray(0, KEPT_PAYLOAD_BYTES)))}::bytea[],
        ${messages.map(({ payloadBytes }) => payloadBytes)}::int4[],
        ${messages.map(({ reason }) => reason)}::text[],
        ${messages.map(({ detail }) => storable(detail).slice(0, MAX_DETAIL_CHARS))}::text[]
      )
    `,
  );
}

/** A stranger's text as PostgreSQL can keep it: NUL is the one character that it has no place for. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

const summaryRow = z.object({
  id: z.number(),
  receivedAt: z.date(),
  topic: z.string(),
  reason: z.string(),
  detail: z.string(),
  payloadBytes: z.number(),
});
export type QuarantineEntry = z.output<typeof summaryRow>;

/** The newest entries first, without their payloads. */
export function listQuarantine(db: Db, { limit }: { readonly limit: number }): Promise<QuarantineEntry[]> {
  return many(
    db,
    summaryRow,
    sql`
      select id, received_at as "receivedAt", topic, reason, detail, payload_bytes as "payloadBytes"
      from quarantined_message
      order by id desc
      limit ${limit}
    `,
  );
}

const foundRow = summaryRow.extend({ payload: z.instanceof(Uint8Array) });
export type QuarantineEntryWithPayload = z.output<typeof foundRow>;

/** One entry with what is kept of its payload; undefined when there is none of this id. */
export function findQuarantined(db: Db, id: number): Promise<QuarantineEntryWithPayload | undefined> {
  return maybeOne(
    db,
    foundRow,
    sql`
      select id, received_at as "receivedAt", topic, reason, detail, payload_bytes as "payloadBytes", payload
      from quarantined_message
      where id = ${id}
    `,
  );
}

const countRow = z.object({ reason: z.string(), messages: z.number() });
export type QuarantineCount = z.output<typeof countRow>;

/** How many messages lie in quarantine for each reason, the most frequent first. */
export function countQuarantine(db: Db): Promise<QuarantineCount[]> {
  return many(
    db,
    countRow,
    sql`select reason, count(*) as messages from quarantined_message group by reason order by messages desc, reason`,
  );
}

export interface QuarantineBounds {
  readonly at: Date;
  readonly maxRows: number;
  readonly maxAgeDays: number;
}

/** Deletes what is older than the age allowed, and the oldest beyond the number allowed. Returns how many went. */
export function trimQuarantine(db: Db, { at, maxRows, maxAgeDays }: QuarantineBounds): Promise<number> {
  return execute(
    db,
    sql`
      delete from quarantined_message
      where received_at < ${new Date(at.getTime() - maxAgeDays * DAY_MS)}
         or id <= (select id from quarantined_message order by id desc offset ${maxRows} limit 1)
    `,
  );
}
