import pg from 'pg';
import { systemClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createPool } from '../../../src/db/pool.ts';
import { createMeterDirectory } from '../../../src/ingest/meter-directory.ts';
import { type BenchDatabase, makeDatabase } from '../bench-database.ts';
import { runCase } from '../runs/run-case.ts';
import type { Stack } from '../stacks/stack.ts';
import { createStartedParts, type StartedParts } from '../started-parts.ts';
import { median } from '../../../src/domain/median.ts';
import { type Workload, workloadOf } from '../workload.ts';
import { insertBatch } from './insert-batch.ts';
import { storeBatchOf } from './store-batch-of.ts';

export const BATCH_SIZES = [1, 10, 100, 1_000, 10_000] as const;
export const WRITERS = ['ours', 'insert'] as const;
export type Writer = (typeof WRITERS)[number];

export interface BatchSizeResult {
  readonly writer: Writer;
  readonly rowsABatch: number;
  readonly rowsPerSecond: number;
}

export interface BatchSizes {
  readonly results: readonly BatchSizeResult[];
  /** COPY BINARY over two connections with 10,000 rows a batch. */
  readonly copyRowsPerSecond: number;
}

export interface BatchSizesSetting {
  readonly stack: Stack;
  readonly rounds: number;
  readonly seconds: number;
  readonly started: StartedParts;
  readonly onRun: (round: number, result: BatchSizeResult) => void;
}

/** Writes the rows of the messages from one place up to another, and resolves when they are committed. */
export type WriteBatch = (from: number, until: number) => Promise<unknown>;

const WRITERS_AT_ONCE = 2;
const COPIED_ROWS_A_SECOND = 300_000;

/**
 * How many rows a second are committed, by the rows in a batch, over two connections: ours with all that it checks and
 * writes, a plain insert, and COPY into the bare table. All in turns; the medians of the rounds.
 */
export async function measureBatchSizes(setting: BatchSizesSetting): Promise<BatchSizes> {
  const runs: BatchSizeResult[] = [];
  const copied: number[] = [];
  for (let round = 1; round <= setting.rounds; round += 1) {
    for (const rowsABatch of BATCH_SIZES) {
      for (const writer of WRITERS) {
        const result = { writer, rowsABatch, rowsPerSecond: await rateOf(writer, rowsABatch, setting) };
        setting.onRun(round, result);
        runs.push(result);
      }
    }
    copied.push(await copyRate(setting));
  }
  const results = BATCH_SIZES.flatMap((rowsABatch) =>
    WRITERS.map((writer) => {
      const rates = runs.filter((run) => run.writer === writer && run.rowsABatch === rowsABatch);
      return { writer, rowsABatch, rowsPerSecond: median(rates.map(({ rowsPerSecond }) => rowsPerSecond)) };
    }),
  );
  return { results, copyRowsPerSecond: median(copied) };
}

async function copyRate({ stack, seconds, started }: BatchSizesSetting): Promise<number> {
  const workload = workloadOf({ load: 'single', messages: COPIED_ROWS_A_SECOND * seconds });
  const { rowsPerSecond } = await runCase('copy-ceiling', { stack, workload, started, nodeRedDir: undefined });
  return rowsPerSecond;
}

async function rateOf(writer: Writer, rowsABatch: number, setting: BatchSizesSetting): Promise<number> {
  const started = createStartedParts();
  const stopRun = setting.started.keep(() => started.stopAll());
  try {
    const database = await makeDatabase(setting.stack.postgres, started);
    const workload = workloadOf({ load: 'single', messages: Number.MAX_SAFE_INTEGER / 8 });
    const write =
      writer === 'ours' ? ourWriter(database, workload, started) : insertWriter(database, workload, started);
    return await rowsPerSecond(write, rowsABatch, setting.seconds);
  } finally {
    await stopRun();
  }
}

/** Two writers take one batch after the other until the time is over; what they began is finished and counted. */
async function rowsPerSecond(write: WriteBatch, rowsABatch: number, seconds: number): Promise<number> {
  let next = 0;
  const startedMs = performance.now();
  const work = async () => {
    while (performance.now() - startedMs < seconds * 1_000) {
      const from = next;
      next += rowsABatch;
      await write(from, from + rowsABatch);
    }
  };
  await Promise.all(Array.from({ length: WRITERS_AT_ONCE }, work));
  return next / ((performance.now() - startedMs) / 1_000);
}

function ourWriter({ url }: BenchDatabase, workload: Workload, started: StartedParts): WriteBatch {
  const pool = createPool(new Secret(url), WRITERS_AT_ONCE + 1, createLogger('error'));
  started.keep(() => pool.end());
  const deps = { pool, clock: systemClock, meters: createMeterDirectory(pool) };
  return (from, until) => storeBatchOf(deps, workload, from, until);
}

function insertWriter({ url, firstMeterId }: BenchDatabase, workload: Workload, started: StartedParts): WriteBatch {
  const pool = new pg.Pool({ connectionString: url, max: WRITERS_AT_ONCE });
  started.keep(() => pool.end());
  return (from, until) => insertBatch(pool, firstMeterId, workload, from, until);
}
