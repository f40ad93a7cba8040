import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { createPool } from '../../src/db/pool.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { runningEmbeddedPostgres } from '../../src/main/embedded/postgres.ts';
import {
  type FinishedProgram,
  type ProgramOptions,
  untilFinished,
  type RunningProgram,
  startProgram,
  useBuiltProgram,
} from './program.ts';

/** A roster of three homes and four people. */
export const TOWN_DIR = 'test/fixtures/roster/town';

type Settings = Readonly<Record<string, string>>;

/** A data directory of this test file's own, and the program on it. */
export interface Installation {
  readonly dataDir: string;
  readonly start: (args: readonly string[], settings?: Settings, options?: ProgramOptions) => RunningProgram;
  readonly run: (args: readonly string[], settings?: Settings) => Promise<FinishedProgram>;
  /** `serve`, up and running. */
  readonly serve: (settings?: Settings, options?: ProgramOptions) => Promise<Serving>;
}

export interface Serving extends RunningProgram {
  /** Where its pages are. */
  readonly url: string;
}

const ENDS_WITHIN_MS = 15_000;
/** The embedded parts take free ports, so that they never meet those of another test. */
const FREE_PORTS = { HTTP_PORT: '0', EMBEDDED_MQTT_PORT: '0' };

/** Builds the program and gives it a directory. What a test leaves running is killed, and the directory goes at last. */
export function useInstallation(settings: Settings = {}): Installation {
  useBuiltProgram();
  const started: RunningProgram[] = [];
  let dataDir = '';
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'stillwater-program-'));
    chmodSync(dataDir, 0o755);
  });
  afterEach(async () => {
    for (const program of started.splice(0)) await end(program);
  });
  afterAll(() => {
    endLeftOverPostgres(dataDir);
    keepPostgresLogs(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });

  const env = (more: Settings) => ({ ...FREE_PORTS, STILLWATER_DATA_DIR: dataDir, ...settings, ...more });
  const start = (args: readonly string[], more: Settings = {}, options: ProgramOptions = {}) => {
    const program = startProgram(args, { ...options, env: env(more) });
    started.push(program);
    return program;
  };
  return {
    get dataDir() {
      return dataDir;
    },
    start,
    run: (args, more) => untilFinished(start(args, more)),
    serve: async (more, options) => {
      const program = start(['serve'], more, options);
      const [, url = ''] = await program.says(/pages +(\S+)\/\n[\s\S]*Ctrl-C/);
      return { ...program, url };
    },
  };
}

/** As a supervisor does: it is asked first, so that it can stop its PostgreSQL, and killed if it will not. */
async function end(program: RunningProgram): Promise<void> {
  if (!isAlive(program.pid)) return;
  program.signal('SIGTERM');
  const patience = setTimeout(() => program.signal('SIGKILL'), ENDS_WITHIN_MS);
  await program.ended;
  clearTimeout(patience);
}

/** The process id of the PostgreSQL of a data directory; undefined when none is running there. */
export function postgresPidOf(dataDir: string): number | undefined {
  return pidIn(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'));
}

function pidIn(pidFile: string): number | undefined {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0;
  return pid > 0 && isAlive(pid) ? pid : undefined;
}

/** One that has ended and that nobody has asked after yet is not alive. */
export function isAlive(pid: number): boolean {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && !stdout.startsWith('Z');
}

/** Lends the database that the program keeps in `dataDir` while it, or what it left behind, is running. */
export async function withEmbeddedDatabase<T>(dataDir: string, work: (pool: DbPool) => Promise<T>): Promise<T> {
  const url = runningEmbeddedPostgres(dataDir);
  if (!url) throw new Error(`there is no PostgreSQL in ${dataDir}`);
  const pool = createPool(url, 1, createLogger('silent'));
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** Its PostgreSQL writes a log too, which is looked through with those of all other processes (test/log). */
function keepPostgresLogs(dir: string): void {
  const watched = process.env['TEST_LOG_FOLDER'];
  if (watched === undefined) return;
  for (const path of filesNamed('postgres.log', dir)) copyFileSync(path, join(watched, `postgres-${randomUUID()}.log`));
}

function endLeftOverPostgres(dir: string): void {
  for (const path of filesNamed('postmaster.pid', dir)) {
    const pid = pidIn(path);
    if (pid !== undefined) process.kill(pid, 'SIGQUIT');
  }
}

function filesNamed(name: string, dir: string): string[] {
  const paths = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => basename(path) === name).map((path) => join(dir, path));
}
