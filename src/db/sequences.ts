import { z } from 'zod';
import type { SenderStream, SequenceGap } from '../domain/metering/sender-stream.ts';
import { int8Array } from './array-literal.ts';
import { LOCKS } from './locks.ts';
import { execute, many, one, type Statement, sql, type Tx } from './sql.ts';

/** The name of a stream: that of its sender, and its own. */
export interface StreamName {
  readonly sender: string;
  readonly stream: string;
}

/** A stream as it is stored. */
export type StoredStream = StreamName & SenderStream;

/** Lets one transaction at a time merge, until it ends; false when another one is at it. */
export async function holdMerging(tx: Tx): Promise<boolean> {
  const { held } = await one(
    tx,
    z.object({ held: z.boolean() }),
    sql`select pg_try_advisory_xact_lock(${LOCKS.sequences}) as held`,
  );
  return held;
}

const nameRow = z.object({ sender: z.string(), stream: z.string() });

/** Streams with a gap that is to be asked for (again) at `at`. */
export function dueStreams(tx: Tx, at: Date, limit: number): Promise<StreamName[]> {
  return many(
    tx,
    nameRow,
    sql`
      select sender, stream
      from (select * from sequence_gap where given_up_at is null and ask_at <= ${at} order by ask_at limit ${limit}) as due
      group by sender, stream
    `,
  );
}

const streamRow = nameRow.extend({ next: z.number(), lastHeardAt: z.date() });
const gapRow = nameRow.extend({
  first: z.number(),
  last: z.number(),
  isBeforeFirst: z.boolean(),
  seenAt: z.date(),
  timesAsked: z.number(),
  askedAt: z.date().nullable(),
  askAt: z.date(),
});

/** Those of the streams that are known, with their open gaps. */
export async function findStreams(tx: Tx, names: readonly StreamName[]): Promise<StoredStream[]> {
  const streams = await many(tx, streamRow, selectStreams(names));
  const gaps = streams.length > 0 ? await many(tx, gapRow, selectGaps(names)) : [];
  const gapsOf = new Map(streams.map((row) => [keyOf(row), [] as SequenceGap[]]));
  for (const row of gaps) gapsOf.get(keyOf(row))?.push(gapOf(row));
  return streams.map(({ lastHeardAt, ...row }) => {
    return { ...row, lastHeardAtMs: lastHeardAt.getTime(), gaps: gapsOf.get(keyOf(row)) ?? [] };
  });
}

function selectStreams(names: readonly StreamName[]): Statement {
  const { senders, streams } = columnsOf(names);
  return sql`
    select sender, stream, next_seq as next, last_heard_at as "lastHeardAt"
    from sender_stream join unnest(${senders}::text[], ${streams}::text[]) as wanted (sender, stream)
      using (sender, stream)
  `;
}

function selectGaps(names: readonly StreamName[]): Statement {
  const { senders, streams } = columnsOf(names);
  return sql`
    select sender, stream, first_seq as first, last_seq as last, before_first as "isBeforeFirst", seen_at as "seenAt",
           times_asked as "timesAsked", asked_at as "askedAt", ask_at as "askAt"
    from sequence_gap join unnest(${senders}::text[], ${streams}::text[]) as wanted (sender, stream)
      using (sender, stream)
    where given_up_at is null
    order by first_seq
  `;
}

/** Writes how far the streams have come that were heard at `heardAt`. */
export async function saveStreams(tx: Tx, streams: readonly StoredStream[], heardAt: Date): Promise<void> {
  const { senders, streams: names } = columnsOf(streams);
  await execute(
    tx,
    sql`
      insert into sender_stream (sender, stream, next_seq, first_heard_at, last_heard_at)
      select sender, stream, next_seq, ${heardAt}, ${heardAt}
      from unnest(${senders}::text[], ${names}::text[], ${int8Array(streams.map(({ next }) => next))}::int8[])
        as given (sender, stream, next_seq)
      on conflict (sender, stream) do update
      set next_seq = excluded.next_seq, last_heard_at = greatest(sender_stream.last_heard_at, excluded.last_heard_at)
    `,
  );
}

/** Forgets the open gaps of the streams; the present ones are written anew. */
export async function clearGaps(tx: Tx, names: readonly StreamName[]): Promise<void> {
  const { senders, streams } = columnsOf(names);
  await execute(
    tx,
    sql`
      delete from sequence_gap
      using unnest(${senders}::text[], ${streams}::text[]) as named (sender, stream)
      where sequence_gap.sender = named.sender and sequence_gap.stream = named.stream and given_up_at is null
    `,
  );
}

/** A gap of a stream, open or given up. */
export type NamedGap = StreamName & { readonly gap: SequenceGap };

/** Writes gaps: open ones, or for good such that were given up at `givenUpAt`. */
export async function writeGaps(tx: Tx, gaps: readonly NamedGap[], givenUpAt: Date | undefined): Promise<void> {
  const { senders, streams } = columnsOf(gaps);
  const of = <Value>(value: (gap: SequenceGap) => Value) => gaps.map(({ gap }) => value(gap));
  await execute(
    tx,
    sql`
      insert into sequence_gap (sender, stream, first_seq, last_seq, before_first, seen_at, times_asked, asked_at, ask_at,
                                given_up_at)
      select given.*, ${givenUpAt ?? null}::timestamptz
      from unnest(
        ${senders}::text[],
        ${streams}::text[],
        ${of(({ first }) => first)}::int8[],
        ${of(({ last }) => last)}::int8[],
        ${of(({ isBeforeFirst }) => isBeforeFirst)}::boolean[],
        ${of(({ seenAtMs }) => new Date(seenAtMs))}::timestamptz[],
        ${of(({ timesAsked }) => timesAsked)}::int4[],
        ${of(({ askedAtMs }) => (askedAtMs === undefined ? null : new Date(askedAtMs)))}::timestamptz[],
        ${of(({ askAtMs }) => new Date(askAtMs))}::timestamptz[]
      ) as given
    `,
  );
}

/** One text for a stream's two names, to look it up by. Neither name has a space. */
export function keyOf({ sender, stream }: StreamName): string {
  return `${sender} ${stream}`;
}

function gapOf({ seenAt, askedAt, askAt, ...row }: z.output<typeof gapRow>): SequenceGap {
  const { first, last, isBeforeFirst, timesAsked } = row;
  const times = { seenAtMs: seenAt.getTime(), askedAtMs: askedAt?.getTime(), askAtMs: askAt.getTime() };
  return { first, last, isBeforeFirst, timesAsked, ...times };
}

function columnsOf(names: readonly StreamName[]): { readonly senders: string[]; readonly streams: string[] } {
  return { senders: names.map(({ sender }) => sender), streams: names.map(({ stream }) => stream) };
}
