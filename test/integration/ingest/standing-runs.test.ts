import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeReadings } from '../../../src/db/readings.ts';
import { type DbPool, inTransaction } from '../../../src/db/sql.ts';
import { withoutStanding } from '../../../src/db/standing-runs.ts';
import { useDatabase } from '../../support/database.ts';
import { piecesOf, type SampleRun, samplesOf } from '../../support/flat-reading.ts';
import { openTimescale, type Timescale } from '../../support/timescale.ts';

const database = useDatabase();
let timescale: Timescale;
beforeAll(async () => {
  timescale = await openTimescale();
});
afterAll(() => timescale.close());

const run = (meterId: number, hours: Readonly<Record<string, number>>, receivedAtMs = 0): SampleRun => ({
  meterId,
  receivedAtMs,
  readings: Object.entries(hours).map(([hour, amount]) => ({
    readAtMs: Date.UTC(2026, 10, 23) + Number(hour) * 3_600_000,
    indexLitres: amount,
  })),
});

describe.each([
  ['PostgreSQL', () => database.pool],
  ['TimescaleDB', () => timescale.pool],
])('a message that may have come before, on %s,', (_, getPool: () => DbPool) => {
  const stored = [run(1, { 1: 10, 2: 20, 3: 6_000_000_000 }), run(2, { 1: 10 })];
  beforeEach(async () => {
    await getPool().query('truncate register_reading, reading_conflict');
    await getPool().query('delete from meter');
    await getPool().query(
      `insert into meter (id, serial) overriding system value select n, 'WM-' || n from generate_series(1, 3) n`,
    );
    await inTransaction(getPool(), (tx) => storeReadings(tx, piecesOf(stored)));
  });
  const left = async (...runs: SampleRun[]) =>
    samplesOf(await inTransaction(getPool(), (tx) => withoutStanding(tx, piecesOf(runs))));

  it('is known when it came just so, at whatever time', async () => {
    expect(await left(run(2, { 1: 10 }, 5), run(1, { 1: 10, 2: 20, 3: 6_000_000_000 }, 7))).toEqual([]);
    expect(await left(run(1, { 2: 20, 3: 6_000_000_000 }))).toEqual([]);
    expect(await left()).toEqual([]);
  });

  it.each([
    ['says another register', run(1, { 1: 10, 2: 21, 3: 6_000_000_000 })],
    ['says more', run(1, { 1: 10, 2: 20, 3: 6_000_000_000, 4: 30 })],
    ['says less of the same stretch', run(1, { 1: 10, 3: 6_000_000_000 })],
    ['is of another meter', run(3, { 1: 10, 2: 20, 3: 6_000_000_000 })],
    ['is of another hour', run(2, { 2: 10 })],
    ['says it in another order', { ...run(1, {}), readings: run(1, { 1: 10, 2: 20 }).readings.toReversed() }],
  ])('is looked at more closely when it %s', async (__, other) => {
    const known = run(2, { 1: 10 });
    expect(await left(known, other, known)).toEqual([other]);
  });
});
