import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noteBatch } from '../../../src/db/ingest-batches.ts';
import { reportFlags } from '../../../src/db/meter-flags.ts';
import { storeReadings } from '../../../src/db/readings.ts';
import { type DbPool, inTransaction } from '../../../src/db/sql.ts';
import { useDatabase } from '../../support/database.ts';
import { type FlatReading, piecesOf, runOf } from '../../support/flat-reading.ts';
import { openTimescale, type Timescale } from '../../support/timescale.ts';

const database = useDatabase();
let timescale: Timescale;
beforeAll(async () => {
  timescale = await openTimescale();
});
afterAll(() => timescale.close());

const MIDNIGHT_MS = Date.UTC(2026, 10, 23);
const RECEIVED_MS = Date.UTC(2026, 10, 23, 12);
const reading = (hour: number, indexLitres: number, meterId = 1): FlatReading => ({
  meterId,
  readAtMs: MIDNIGHT_MS + hour * 3_600_000,
  indexLitres,
  receivedAtMs: RECEIVED_MS,
});

describe.each([
  ['PostgreSQL', () => database.pool],
  ['TimescaleDB', () => timescale.pool],
])('readings on %s', (_store, getPool: () => DbPool) => {
  beforeEach(async () => {
    const pool = getPool();
    for (const table of ['ingest_batch', 'meter_flag', 'reading_conflict', 'register_reading']) {
      await pool.query(`delete from ${table}`);
    }
    await pool.query(
      `insert into meter (id, serial) overriding system value values (1, 'WM-1'), (2, 'WM-2') on conflict do nothing`,
    );
  });

  const store = (...readings: FlatReading[]) =>
    inTransaction(getPool(), (tx) => storeReadings(tx, piecesOf(readings.map(runOf))));
  const rowsOf = async (table: 'register_reading' | 'reading_conflict') => {
    const { rows } = await getPool().query<{ meter_id: number; read_at: Date; index_l: number; received_at: Date }>(
      `select meter_id, read_at, index_l, received_at from ${table} order by 1, 2, 3`,
    );
    return rows.map((row) => [row.meter_id, row.read_at.getTime(), row.index_l, row.received_at.getTime()]);
  };
  const rowOf = ({ meterId, readAtMs, indexLitres, receivedAtMs }: FlatReading) => [
    meterId,
    readAtMs,
    indexLitres,
    receivedAtMs,
  ];

  it('are stored once, and what is new about each meter is told from its earliest', async () => {
    const outcome = await store(reading(2, 20), reading(1, 10), reading(3, 5, 2));
    expect(outcome).toEqual({
      stored: 3,
      conflicts: 0,
      changes: expect.arrayContaining([
        { meterId: 1, firstReadAtMs: reading(1, 0).readAtMs },
        { meterId: 2, firstReadAtMs: reading(3, 0).readAtMs },
      ]) as unknown,
    });
    expect(outcome.changes).toHaveLength(2);
  });

  it('change nothing when they come again', async () => {
    await store(reading(1, 10), reading(2, 20));
    const before = await rowsOf('register_reading');
    const again = await store({ ...reading(2, 20), receivedAtMs: RECEIVED_MS + 60_000 }, reading(1, 10));

    expect(again).toEqual({ stored: 0, conflicts: 0, changes: [] });
    expect(await rowsOf('register_reading')).toEqual(before);
    expect(await rowsOf('reading_conflict')).toEqual([]);
  });

  it('of another value for the same time are kept apart, once, and are news', async () => {
    await store(reading(1, 10), reading(2, 20));
    const changes = [{ meterId: 1, firstReadAtMs: reading(1, 0).readAtMs }];

    expect(await store(reading(3, 30), reading(1, 11))).toEqual({ stored: 1, conflicts: 1, changes });
    expect(await store(reading(1, 11), reading(1, 10))).toEqual({ stored: 0, conflicts: 0, changes: [] });
    expect(await rowsOf('register_reading')).toEqual([reading(1, 10), reading(2, 20), reading(3, 30)].map(rowOf));
    expect(await rowsOf('reading_conflict')).toEqual([rowOf(reading(1, 11))]);
  });

  it('that contradict each other within a batch are both kept, the first as the reading', async () => {
    expect(await store(reading(1, 12), reading(1, 10), reading(1, 12), reading(1, 10))).toMatchObject({
      stored: 1,
      conflicts: 1,
    });
    expect(await rowsOf('register_reading')).toEqual([rowOf(reading(1, 12))]);
    expect(await rowsOf('reading_conflict')).toEqual([rowOf(reading(1, 10))]);
  });

  it('keep their time to the millisecond', async () => {
    const times = fc.uniqueArray(fc.integer({ min: Date.UTC(2026, 9, 1), max: Date.UTC(2026, 10, 30) }), {
      minLength: 500,
      maxLength: 500,
    });
    const [readAtMs = []] = fc.sample(times, { numRuns: 1, seed: 23 });
    await store(...readAtMs.map((ms) => ({ ...reading(0, 1), readAtMs: ms })));
    const rows = await rowsOf('register_reading');
    expect(rows.map((row) => row[1])).toEqual(readAtMs.toSorted((a, b) => a - b));
  });

  it('leave a note of what changed for whoever judges the homes', async () => {
    const { changes } = await store(reading(2, 20), reading(1, 10), reading(3, 5, 2));
    await inTransaction(getPool(), (tx) => noteBatch(tx, changes, new Date(RECEIVED_MS)));

    const { rows } = await getPool().query(
      `select received_at, meter_id, earliest
       from ingest_batch, unnest(meter_ids, first_read_at) as change (meter_id, earliest)
       order by meter_id`,
    );
    expect(rows).toMatchObject([
      { received_at: new Date(RECEIVED_MS), meter_id: 1, earliest: new Date(reading(1, 0).readAtMs) },
      { received_at: new Date(RECEIVED_MS), meter_id: 2, earliest: new Date(reading(3, 0).readAtMs) },
    ]);
  });
});

describe('what a meter says of itself', () => {
  const flagsOf = async () => {
    const { rows } = await database.pool.query<{ first_reported_at: Date; last_reported_at: Date }>(
      `select * from meter_flag where meter_id = 1 and flag = 'leak'`,
    );
    return rows.map((row) => [row.first_reported_at.getTime(), row.last_reported_at.getTime()]);
  };
  const leakAt = (hour: number) => ({ meterId: 1, flag: 'leak', reportedAtMs: reading(hour, 0).readAtMs }) as const;

  it('is known from the first to the last report, in whatever order they come', async () => {
    await reportFlags(database.pool, [leakAt(3), leakAt(5)]);
    await reportFlags(database.pool, [leakAt(2), { ...leakAt(9), meterId: 2 }]);
    await reportFlags(database.pool, [leakAt(4)]);
    expect(await flagsOf()).toEqual([[leakAt(2).reportedAtMs, leakAt(5).reportedAtMs]]);
  });
});
