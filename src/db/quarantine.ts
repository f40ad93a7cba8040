import type { QuarantineReason } from '../domain/metering/quarantine-reason.ts';
import { type Db, execute, sql } from './sql.ts';

/** A message that could not be taken, whole or in part. */
export interface QuarantinedMessage {
  readonly receivedAt: Date;
  readonly source: 'mqtt' | 'http' | 'file';
  readonly topic: string;
  /** The message as it came, or its beginning. */
  readonly payload: Uint8Array;
  /** The length of the whole payload. */
  readonly payloadBytes: number;
  readonly reason: QuarantineReason;
  /** What exactly was wrong, for a person to read. */
  readonly detail: string;
  /** The meter that the message speaks of, where that much could be read. */
  readonly serial?: string | undefined;
}

/** A payload up to this is kept whole: it could be read, so it can be read again. */
export const WHOLE_PAYLOAD_BYTES = 262_144;
/** How much is kept of a larger payload, for a look. */
export const KEPT_PAYLOAD_BYTES = 65_536;

const MAX_DETAIL_CHARS = 500;

/** Keeps messages where somebody can look at them, and from where they can be taken later. */
export async function quarantine(db: Db, messages: readonly QuarantinedMessage[]): Promise<void> {
  await execute(
    db,
    sql`
      insert into quarantined_message (received_at, source, topic, payload, payload_bytes, reason, detail, serial)
      select * from unnest(
        ${messages.map(({ receivedAt }) => receivedAt)}::timestamptz[],
        ${messages.map(({ source }) => source)}::text[],
        ${messages.map(({ topic }) => storable(topic))}::text[],
        ${messages.map(keptPayload)}::bytea[],
        ${messages.map(({ payloadBytes }) => payloadBytes)}::int4[],
        ${messages.map(({ reason }) => reason)}::text[],
        ${messages.map(({ detail }) => keptDetail(detail))}::text[],
        ${messages.map(({ serial }) => serial ?? null)}::text[]
      )
    `,
  );
}

function keptPayload({ payload, payloadBytes }: QuarantinedMessage): Buffer {
  const isReadable = payloadBytes <= WHOLE_PAYLOAD_BYTES;
  return Buffer.from(payload.subarray(0, isReadable ? WHOLE_PAYLOAD_BYTES : KEPT_PAYLOAD_BYTES));
}

/** What was wrong, in the form in which it is kept. */
export function keptDetail(detail: string): string {
  return storable(detail).slice(0, MAX_DETAIL_CHARS);
}

/** A stranger's text as PostgreSQL can keep it: NUL is the one character that it has no place for. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
