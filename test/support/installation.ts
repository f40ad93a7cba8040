import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { createPool } from '../../src/db/pool.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { runningEmbeddedPostgres } from '../../src/main/embedded/postgres.ts';
import {
  type FinishedProgram,
  type ProgramOptions,
  runProgram,
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
    for (const dir of [dataDir, join(dataDir, 'demo')]) endPostgres(dir);
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
    run: (args, more = {}) => runProgram(args, { env: env(more) }),
    serve: async (more, options) => {
      const program = start(['serve'], more, options);
      const [, url = ''] = await program.says(/pages +(\S+)\/\n[\s\S]*Ctrl-C/);
      return { ...program, url };
    },
  };
}

async function end(program: RunningProgram): Promise<void> {
  try {
    program.signal('SIGKILL');
  } catch {
    // It has ended by itself.
  }
  await program.ended;
}

/** The process id of the PostgreSQL of a data directory; undefined when none is running there. */
export function postgresPidOf(dataDir: string): number | undefined {
  const path = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  const pid = existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[0]) : 0;
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

function endPostgres(dataDir: string): void {
  const pid = postgresPidOf(dataDir);
  if (pid !== undefined) process.kill(pid, 'SIGQUIT');
}
