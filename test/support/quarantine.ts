import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { ok } from '../../src/core/result.ts';
import { litres } from '../../src/domain/metering/units.ts';
import type { Decoder } from '../../src/ingest/decoders/decoder.ts';
import { BUILT_IN_DECODERS } from '../../src/ingest/decoders/decoders.ts';
import { interpret } from '../../src/ingest/interpret.ts';
import type { ReceivedMessage } from '../../src/ingest/message.ts';
import { createMeterDirectory } from '../../src/ingest/meter-directory.ts';
import type { ReplayTally } from '../../src/ingest/quarantine/replay.ts';
import { storeBatch } from '../../src/ingest/store-batch.ts';
import type { TestDatabase } from './database.ts';
import { ARRIVAL } from './waterworks.ts';

/** When the messages of these tests are tried again. */
export const LATER = new Date('2026-11-25T08:00:00Z');

/** A format that is understood only since a fix: `<index> at <time>`. */
export const fixedFormat: Decoder = {
  name: 'words',
  topicFilters: ['words/+'],
  identify: (topic) => (topic.startsWith('words/') ? { sender: topic.slice(6), serial: topic.slice(6) } : undefined),
  decode: ({ sender }, payload) => {
    const [index, at = ''] = Buffer.from(payload).toString().trim().split(' at ');
    const readings = [{ readAtMs: Date.parse(at), indexLitres: litres(Number(index)) }];
    return ok({ serial: sender, readings, flags: [] });
  },
};

/** A message as it came in at the usual moment. */
export function message(topic: string, payload: string, more: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return {
    source: 'mqtt',
    topic,
    payload: Buffer.from(payload),
    payloadBytes: Buffer.byteLength(payload),
    receivedAt: ARRIVAL,
    ...more,
  };
}

/** What a replay did, when it did nothing but this. */
export function tally(changes: Partial<ReplayTally>): ReplayTally {
  return { messages: 0, taken: 0, stored: 0, repeats: 0, conflicts: 0, refused: {}, ...changes };
}

/** A quarantine, and messages that come and fall into it. */
export function quarantineOf(database: TestDatabase) {
  const rows = async (statement: string) => (await database.pool.query<Record<string, unknown>>(statement)).rows;
  return {
    rows,
    empty: async () => {
      await database.pool.query('truncate quarantined_message restart identity');
      await database.pool.query('truncate register_reading, reading_conflict, meter_flag, ingest_batch');
    },
    /** What a replay needs, after the fix unless other formats are given. */
    deps: (decoders: readonly Decoder[] = [...BUILT_IN_DECODERS, fixedFormat]) => ({
      pool: database.pool,
      clock: handTurnedClock(LATER),
      log: createLogger('silent'),
      decoders,
      actor: 'a clerk',
    }),
    /** Messages come in, before the fix. */
    arrive: (...messages: ReceivedMessage[]) =>
      storeBatch(
        { pool: database.pool, clock: handTurnedClock(ARRIVAL), meters: createMeterDirectory(database.pool) },
        messages.map((each) => interpret(each, BUILT_IN_DECODERS)),
      ),
    entries: () =>
      rows('select id, reason, detail, serial, replayed_at, retried_at from quarantined_message order by id'),
  };
}
