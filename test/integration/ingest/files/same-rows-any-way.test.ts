import { Readable } from 'node:stream';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { handTurnedClock } from '../../../../src/core/clock.ts';
import { createLogger } from '../../../../src/core/logger.ts';
import { BUILT_IN_DECODERS } from '../../../../src/ingest/decoders/decoders.ts';
import { takeReadings } from '../../../../src/ingest/files/take-readings.ts';
import { interpret } from '../../../../src/ingest/interpret.ts';
import { createMeterDirectory } from '../../../../src/ingest/meter-directory.ts';
import { storeBatch } from '../../../../src/ingest/store-batch.ts';
import { useDatabase } from '../../../support/database.ts';
import { readingFiles } from '../../../support/reading-files.ts';
import { ARRIVAL, registerMeter, topicOf } from '../../../support/waterworks.ts';

interface Row {
  readonly meter: string;
  readonly at: string;
  readonly index_l: number;
  readonly status?: readonly string[];
}

const database = useDatabase();
const files = readingFiles(() => database.pool);
let serials: string[] = [];
beforeEach(async () => {
  serials = await Promise.all(Array.from({ length: 3 }, () => registerMeter(database.pool)));
});

const sheetOf = (rows: readonly Row[]) =>
  rows.reduce(
    (text, { meter, at, index_l, status = [] }) => `${text}${meter},${at},${index_l},${status.join(' ')}\n`,
    'meter,at,index_l,status\n',
  );
const linesOf = (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const deps = () => ({
  pool: database.pool,
  clock: handTurnedClock(ARRIVAL),
  log: createLogger('silent'),
  meters: createMeterDirectory(database.pool),
});
const send = async (text: string, format: 'csv' | 'ndjson' | 'json') => {
  await takeReadings(deps(), Readable.from([Buffer.from(text)]), format);
};
const ingest = async (name: string, text: string) => {
  expect((await files.run({ files: [files.write(name, text)] })).code).toBe(0);
};

/** The ways in, each for any rows. */
const WAYS: Readonly<Record<string, (rows: readonly Row[]) => Promise<void>>> = {
  'a sheet': (rows) => ingest('rows.csv', sheetOf(rows)),
  'a file of lines': (rows) => ingest('rows.ndjson', linesOf(rows)),
  'a sheet over HTTP': (rows) => send(sheetOf(rows), 'csv'),
  'lines over HTTP': (rows) => send(linesOf(rows), 'ndjson'),
  'JSON over HTTP': (rows) => send(JSON.stringify(rows), 'json'),
  MQTT: async (rows) => {
    const messages = rows.map(({ meter, ...reading }) => {
      const payload = Buffer.from(JSON.stringify(reading));
      const came = { source: 'mqtt', topic: topicOf(meter), receivedAt: ARRIVAL } as const;
      return interpret({ ...came, payload, payloadBytes: payload.byteLength }, BUILT_IN_DECODERS);
    });
    await storeBatch(deps(), messages);
  },
};

/** Everything that is kept of the rows, but for the ids that differ from run to run. */
async function kept(): Promise<unknown> {
  const tables = ['register_reading', 'reading_conflict', 'meter_flag'].map(async (table) => {
    const { rows } = await database.pool.query(
      `select to_jsonb(t) - 'received_at' as row from ${table} t order by to_jsonb(t)::text`,
    );
    return rows as unknown[];
  });
  const { rows: unknown } = await database.pool.query(
    `select topic, reason, convert_from(payload, 'UTF8')::jsonb as message from quarantined_message order by id`,
  );
  const waiting = (unknown as { topic: string; message: { readings?: unknown[] } }[]).flatMap(({ topic, message }) =>
    (message.readings ?? [message]).map((reading) => `${topic} ${JSON.stringify(reading)}`),
  );
  return { tables: await Promise.all(tables), unknownReadings: waiting.length };
}

async function after(pieces: readonly (readonly [string, readonly Row[]])[]): Promise<unknown> {
  await database.pool.query(
    'truncate register_reading, reading_conflict, meter_flag, ingest_batch, quarantined_message',
  );
  for (const [way, rows] of pieces) if (rows.length > 0) await WAYS[way]?.(rows);
  return kept();
}

it('the same rows are the same readings, however they are cut up and by whichever way each piece comes', async () => {
  const row = fc.record(
    {
      meter: fc.nat(3).map((which) => serials[which] ?? 'NOBODYS-METER'),
      at: fc.nat(5).map((hour) => new Date(Date.UTC(2026, 10, 23, hour)).toISOString()),
      index_l: fc.nat(3),
      status: fc.subarray(['leak', 'battery', 'dry'], { minLength: 1 }),
    },
    { requiredKeys: ['meter', 'at', 'index_l'] },
  );
  const ways = fc.array(fc.tuple(fc.constantFrom(...Object.keys(WAYS)), fc.integer({ min: 1, max: 12 })), {
    minLength: 1,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), ways, async (rows, cuts) => {
      const pieces: (readonly [string, readonly Row[]])[] = [];
      for (let from = 0, at = 0; from < rows.length; at += 1) {
        const [way, length] = cuts[at % cuts.length]!;
        pieces.push([way, rows.slice(from, from + length)]);
        from += length;
      }
      const oneByOne = rows.map((one) => ['MQTT', [one]] as const);
      expect(await after(pieces)).toEqual(await after(oneByOne));
    }),
    { numRuns: 40 },
  );
});
