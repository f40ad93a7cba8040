import { arrangeReadings, createNewestTimes } from '../src/db/arrange-readings.ts';
import { copyIn } from '../src/db/copy-in.ts';
import { COPY_READINGS, readingRows } from '../src/db/reading-rows.ts';
import { ReadingRuns } from '../src/db/reading-runs.ts';
import { storeArranged, storeReadings } from '../src/db/readings.ts';
import { allRuns } from '../src/db/run-pieces.ts';
import { type DbPool, inTransaction } from '../src/db/sql.ts';
import { type Comparison, inTurns } from './measure.ts';

const ROWS = 50_000;
const BATCH = 1_000;
const HOUR_MS = 3_600_000;

/**
 * Readings in batches of a thousand, each committed: both of our ways into the table, idempotent and with conflicts
 * seen, beside a COPY that would fail on the first repeat.
 */
export async function benchStore(pool: DbPool): Promise<Comparison[]> {
  const newest = createNewestTimes();
  const bare = COPY_READINGS.replace('register_reading', 'bare_reading');
  await pool.query('create table bare_reading (like register_reading including all)');
  const copyBare = (round: number) =>
    inBatches(round, (rows) => inTransaction(pool, (tx) => copyIn(tx, bare, readingRows(allRuns(rows)))));
  const straight = await inTurns(
    ROWS,
    (round) =>
      inBatches(round, (rows) => inTransaction(pool, (tx) => storeArranged(tx, arrangeReadings(rows, newest)))),
    copyBare,
  );
  await pool.query('truncate register_reading, bare_reading');
  const lookedUp = await inTurns(
    ROWS,
    (round) => inBatches(round, (rows) => inTransaction(pool, (tx) => storeReadings(tx, allRuns(rows)))),
    copyBare,
  );
  await pool.query('truncate register_reading');
  const beside = { unit: 'rows', baseline: 'bare COPY' };
  return [
    { path: 'store what is new', ours: 'straight into the table', ...beside, ...straight },
    { path: 'store what may be known', ours: 'looked up row by row', ...beside, ...lookedUp },
  ];
}

async function inBatches(round: number, store: (runs: ReadingRuns) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < ROWS; start += BATCH) {
    const readAtMs = Date.UTC(2026, 0, 1) + (round * (ROWS / BATCH) + start / BATCH) * HOUR_MS;
    const runs = new ReadingRuns();
    for (let i = 0; i < BATCH; i += 1) {
      runs.add(readAtMs, start + i);
      runs.endRun(i + 1, readAtMs);
    }
    await store(runs);
  }
}
