import { setTimeout as delay } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import type { DbPool } from '../../src/db/sql.ts';
import { topicOf } from './waterworks.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Recent enough to be kept, and long enough ago that 400,000 minutes are in the past. */
const START_MS = (Math.floor(Date.now() / DAY_MS) - 300) * DAY_MS;
const TICK_MS = 10;

/**
 * One reading of a row that numbers all of them: the number is the register, and gives meter and minute. Each meter
 * counts its own messages, from 0.
 */
export interface NumberedReading {
  readonly serial: string;
  readonly topic: string;
  readonly payload: string;
  readonly content: { readonly at: string; readonly index_l: number; readonly seq: number };
}

export function numberedReading(serials: readonly string[], number: number): NumberedReading {
  const serial = serials[number % serials.length]!;
  const at = new Date(START_MS + number * MINUTE_MS).toISOString();
  const content = { at, index_l: number, seq: Math.floor(number / serials.length) };
  return { serial, topic: topicOf(serial), payload: JSON.stringify(content), content };
}

/** Numbered readings on their way to a broker, until stopped. */
export interface ReadingStream {
  /** How many the broker has been given; all below this number. */
  readonly sent: () => number;
  /** How many of these the broker has taken over. */
  readonly taken: () => number;
  /** Sends no more, and resolves with how many there were once the broker has taken all of them over. */
  readonly stop: () => Promise<number>;
}

/** Publishes numbered readings at this pace, whether or not anybody keeps up. */
export function streamReadings(client: MqttClient, serials: readonly string[], perSecond: number): ReadingStream {
  const startedMs = performance.now();
  const underWay: Promise<unknown>[] = [];
  let sent = 0;
  let taken = 0;
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const flow = (async () => {
    while (!stopping.signal.aborted) {
      const due = Math.floor(((performance.now() - startedMs) * perSecond) / 1_000);
      for (; sent < due; sent += 1) {
        const { topic, payload } = numberedReading(serials, sent);
        const publishing = client.publishAsync(topic, payload, { qos: 1 }).then(() => (taken += 1));
        // Whoever stops the stream is told of a failure; one that comes before must not end the test meanwhile.
        publishing.catch(() => undefined);
        underWay.push(publishing);
      }
      await delay(TICK_MS);
    }
  })();
  return {
    sent: () => sent,
    taken: () => taken,
    stop: async () => {
      stopping.abort();
      await flow;
      await Promise.all(underWay);
      return sent;
    },
  };
}

/** What became of numbered readings, each looked at by itself. All lists are empty when nothing went wrong. */
export interface ReadingAudit {
  /** Numbers that were sent and are not stored. */
  readonly lost: readonly number[];
  /** Numbers that are stored more than once. */
  readonly twice: readonly number[];
  /** Rows that nobody sent: another meter, time or register than that of their number. */
  readonly strange: readonly string[];
  /** Conflicts and quarantined messages. */
  readonly aside: number;
  /** Senders whose messages the service has not counted to the end, or in whose row it misses some. */
  readonly gaps: readonly string[];
}

export const NOTHING_WRONG: ReadingAudit = { lost: [], twice: [], strange: [], aside: 0, gaps: [] };

/** Compares what is stored with the first `sent` numbered readings, row by row. */
export async function auditReadings(db: DbPool, serials: readonly string[], sent: number): Promise<ReadingAudit> {
  const { rows } = await db.query<{ serial: string; readAt: Date; index: number }>(
    `select serial, read_at as "readAt", index_l as index from register_reading join meter on meter.id = meter_id
     where serial = any ($1) order by index_l`,
    [serials],
  );
  const times = new Map<number, number>();
  for (const { index } of rows) times.set(index, (times.get(index) ?? 0) + 1);
  const isStrange = ({ serial, readAt, index }: (typeof rows)[number]) =>
    index >= sent || serial !== serials[index % serials.length] || readAt.getTime() !== START_MS + index * MINUTE_MS;
  return {
    lost: Array.from({ length: sent }, (_, number) => number).filter((number) => !times.has(number)),
    twice: [...times].filter(([, count]) => count > 1).map(([number]) => number),
    strange: rows.filter(isStrange).map(({ serial, readAt, index }) => `${serial} ${readAt.toISOString()} ${index}`),
    aside: await setAside(db),
    gaps: await gapsIn(
      db,
      new Map(serials.map((serial, place) => [serial, Math.ceil((sent - place) / serials.length)])),
    ),
  };
}

/** Senders that are not known to have sent this many messages in an unbroken row. */
export async function gapsIn(db: DbPool, sentBy: ReadonlyMap<string, number>): Promise<string[]> {
  await untilCounted(db);
  const { rows } = await db.query<{ sender: string; next: number; missing: number }>(
    `select sender, next_seq as next, (select count(*) from sequence_gap as gap where gap.sender = known.sender) as missing
     from sender_stream as known where sender = any ($1)`,
    [[...sentBy.keys()]],
  );
  const known = new Map(rows.map((row) => [row.sender, row]));
  return [...sentBy].flatMap(([sender, sent]) => {
    const { next = 0, missing = 0 } = known.get(sender) ?? {};
    return next === sent && missing === 0 ? [] : [`${sender}: ${next} of ${sent} counted, ${missing} gaps`];
  });
}

/** The counting follows a moment behind the storing. */
async function untilCounted(db: DbPool): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { rows } = await db.query('select from sequence_note limit 1');
    if (rows.length === 0) return;
    await delay(50);
  }
}

async function setAside(db: DbPool): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select (select count(*) from reading_conflict) + (select count(*) from quarantined_message) as count',
  );
  return rows[0]!.count;
}

/** How many rows there are of these meters. */
export async function countStored(db: DbPool, serials: readonly string[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*) as count from register_reading join meter on meter.id = meter_id where serial = any ($1)',
    [serials],
  );
  return rows[0]!.count;
}

/** Waits until so many rows are stored, however often the database is away meanwhile. */
export async function untilStored(
  db: DbPool,
  serials: readonly string[],
  rows: number,
  withinMs = 60_000,
): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const stored = await countStored(db, serials).catch(() => 0);
    if (stored >= rows) return;
    if (performance.now() > deadlineMs) throw new Error(`${stored} of ${rows} readings were stored in time`);
    await delay(100);
  }
}
