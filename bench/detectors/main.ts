import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { startEmbeddedPostgres } from '../../src/main/embedded/postgres.ts';
import { measureTown, type TownFigures } from './measure-town.ts';
import { HELP, type Options, parseOptions } from './options.ts';

const WRONG_USE = 2;
const HOURS_A_DAY = 24;
const BUILDING_TAKES_AT_MOST_MS = 600_000;
/** What a server of this size is given. Both sides of each comparison run on it. */
const SETTINGS = { shared_buffers: '1GB', max_wal_size: '4GB', work_mem: '64MB', jit: 'off' };

/** Measures runs of all detectors over towns of different sizes and histories. The ratios mean something. */
async function main(): Promise<void> {
  const options = readOptions();
  const dataDir = await mkdtemp(join(tmpdir(), 'stillwater-bench-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, settings: SETTINGS });
  try {
    const figures: TownFigures[] = [];
    for (const [i, town] of townsOf(options).entries()) {
      const database = await ownDatabase(postgres.url.reveal(), `town_${i}`);
      figures.push(await measureTown(database, town, options, say).finally(database.drop));
    }
    report(figures, options);
  } finally {
    await postgres.stop();
    await rm(postgres.dir, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A migrated database for one town, and how to be rid of it. */
async function ownDatabase(serverUrl: string, name: string) {
  const open = (url: string) =>
    createPool(new Secret(url), 2, createLogger('error'), { answerWithinMs: BUILDING_TAKES_AT_MOST_MS });
  const server = open(serverUrl);
  await server.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = open(url.href);
  await migrate(pool, 'Asia/Shanghai');
  const drop = async () => {
    await pool.end();
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  };
  return { pool, url: url.href, drop };
}

function townsOf({ homes, days, maxReadings, comparesHistories }: Options) {
  const towns = homes.map((size) => ({
    homes: size,
    days: Math.max(1, Math.min(days, Math.floor(maxReadings / (size * HOURS_A_DAY)))),
  }));
  return comparesHistories ? [...towns, { homes: 1_000, days: 30 }, { homes: 1_000, days: 400 }] : towns;
}

function readOptions(): Options {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options !== 'help') return options;
    process.stdout.write(HELP);
    process.exit();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(WRONG_USE);
  }
}

function report(figures: readonly TownFigures[], { json }: Options): void {
  for (const town of figures) {
    process.stdout.write(
      `${town.homes} homes, ${town.days} days of hourly readings, ${town.processes} judging\n` +
        `  all of it:     ${town.fullSeconds.toFixed(2)} s, ${Math.round(town.fullHomesPerSecond)} homes/s\n` +
        `  a day for all: ${town.incrementalSeconds.toFixed(2)} s, ${Math.round(town.incrementalHomesPerSecond)} homes/s, ` +
        `${((1e6 * town.incrementalSeconds) / town.homes).toFixed(0)} us a home\n` +
        `  plain 24 h rule in one statement: ${town.statementSeconds.toFixed(3)} s; ratio ${town.ratio.toFixed(2)}\n` +
        `  nothing new:   ${(town.quietSeconds * 1_000).toFixed(0)} ms; most memory ${Math.round(town.peakMegabytes)} MB\n`,
    );
  }
  if (json) process.stdout.write(`${JSON.stringify({ towns: figures })}\n`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

await main();
