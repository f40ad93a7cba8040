import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { startEmbeddedPostgres } from '../../src/main/embedded/postgres.ts';
import { askForOptions } from '../ask-for-options.ts';
import { measureTown, type TownFigures } from './measure-town.ts';
import { HELP, type Options, parseOptions } from './options.ts';

const HOURS_A_DAY = 24;
const BUILDING_TAKES_AT_MOST_MS = 3_600_000;
/** What a server of this size is given. Both sides of each comparison run on it. */
const SETTINGS = { shared_buffers: '1GB', max_wal_size: '4GB', work_mem: '64MB', jit: 'off' };

/** Measures runs of all detectors over towns of different sizes and histories. The ratios mean something. */
async function main(): Promise<void> {
  const options = askForOptions(parseOptions, HELP);
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

/** What a table shows of a town, by the heading of its column. */
const COLUMNS: Readonly<Record<string, (town: TownFigures) => string>> = {
  homes: ({ homes }) => String(homes),
  days: ({ days }) => String(days),
  processes: ({ processes }) => String(processes),
  'full run, s': ({ fullSeconds }) => fullSeconds.toFixed(2),
  'homes/s ': ({ fullHomesPerSecond }) => fullHomesPerSecond.toFixed(0),
  'a day for all, s': ({ incrementalSeconds }) => incrementalSeconds.toFixed(2),
  'homes/s': ({ incrementalHomesPerSecond }) => incrementalHomesPerSecond.toFixed(0),
  'us a home': ({ homes, incrementalSeconds }) => ((1e6 * incrementalSeconds) / homes).toFixed(0),
  'of them CPU': ({ homes, incrementalCpuSeconds }) => ((1e6 * incrementalCpuSeconds) / homes).toFixed(0),
  'statement, s': ({ statementSeconds }) => statementSeconds.toFixed(3),
  ratio: ({ ratio }) => ratio.toFixed(1),
  'nothing new, ms': ({ quietSeconds }) => (quietSeconds * 1_000).toFixed(0),
  'most memory, MB': ({ peakMegabytes }) => peakMegabytes.toFixed(0),
};

function report(figures: readonly TownFigures[], { json }: Options): void {
  const rowOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const headings = Object.keys(COLUMNS);
  process.stdout.write(rowOf(headings) + rowOf(headings.map(() => '---')));
  for (const town of figures) process.stdout.write(rowOf(Object.values(COLUMNS).map((cell) => cell(town))));
  if (json) process.stdout.write(`${JSON.stringify({ towns: figures })}\n`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

await main();
