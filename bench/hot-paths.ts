import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import { createLogger } from '../src/core/logger.ts';
import { migrate } from '../src/db/migrate.ts';
import { createPool } from '../src/db/pool.ts';
import type { DbPool } from '../src/db/sql.ts';
import { startEmbeddedPostgres } from '../src/main/embedded/postgres.ts';
import { benchDecode } from './decode.ts';
import { benchDetectors } from './detectors.ts';
import { benchDispatch } from './dispatch.ts';
import { benchStore } from './store.ts';
import type { Comparison } from './measure.ts';

/**
 * Measures the hot paths of the service, each beside the least that must be done for it, in one run: decode, batch
 * insert, detector run, dispatch. The ratios mean something; the absolute figures are those of the machine.
 *
 * `--json` prints one object instead of the table.
 */
async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stillwater-bench-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const log = createLogger('error');
  const pool = createPool(postgres.url, 12, log);
  try {
    await migrate(pool, 'Asia/Shanghai');
    report(await measureAll(pool, log), process.argv.includes('--json'));
  } finally {
    await pool.end();
    await postgres.stop();
    await rm(postgres.dir, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureAll(pool: DbPool, log: ReturnType<typeof createLogger>): Promise<Comparison[]> {
  const deps = { pool, clock: systemClock, log };
  return [
    ...(await benchDecode()),
    ...(await benchStore(pool)),
    ...(await benchDetectors(deps)),
    await benchDispatch(deps),
  ];
}

function report(comparisons: readonly Comparison[], asJson: boolean): void {
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ comparisons })}\n`);
    return;
  }
  for (const { path, unit, ours, baseline, oursPerSecond, baselinePerSecond } of comparisons) {
    const ratio = oursPerSecond / baselinePerSecond;
    process.stdout.write(
      `${path}\n  ${ours}: ${Math.round(oursPerSecond)} ${unit}/s\n` +
        `  ${baseline}: ${Math.round(baselinePerSecond)} ${unit}/s\n  ratio ${ratio.toPrecision(2)}\n`,
    );
  }
}

await main();
