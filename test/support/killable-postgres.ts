import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { freePort } from '../../src/main/embedded/free-port.ts';
import { findPostgresBinaries } from '../../src/main/embedded/postgres-binaries.ts';
import { initialiseCluster, SUPERUSER } from '../../src/main/embedded/postgres-cluster.ts';
import { giveTo, type ProcessOwner, postgresOwner } from '../../src/main/embedded/unprivileged-user.ts';
import { TEST_TIME_ZONE } from './database-names.ts';

/** A PostgreSQL of the test's own, durable as an operator's is, that can die as in a power cut and come back. */
export interface KillablePostgres {
  readonly url: string;
  readonly port: number;
  /** Connections of the test. They break with the server, and the next statement makes new ones. */
  readonly pool: DbPool;
  /** Ends all of it at once, without a word to anybody and without writing anything out. */
  readonly crash: () => Promise<void>;
  /** Starts it again on the same port; what was committed is recovered first. */
  readonly restart: () => Promise<void>;
}

export interface KillablePostgresOptions {
  /** Further settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The folder in which the cluster is made; a fresh one when left out. It is given to the user PostgreSQL runs as. */
  readonly home?: () => string;
}

/** One migrated server for a test file. It goes, with its folder, when the file is done. */
export function useKillablePostgres(options: KillablePostgresOptions = {}): KillablePostgres {
  let started: Awaited<ReturnType<typeof start>> | undefined;
  beforeAll(async () => {
    started = await start(options);
    await migrate(started.pool, TEST_TIME_ZONE);
  });
  afterAll(() => started?.remove());
  const get = () => {
    if (!started) throw new Error('the server exists only while tests run');
    return started;
  };
  return {
    get url() {
      return get().url;
    },
    get port() {
      return get().port;
    },
    get pool() {
      return get().pool;
    },
    crash: () => get().crash(),
    restart: () => get().restart(),
  };
}

async function start({ settings = {}, home: homeOf }: KillablePostgresOptions) {
  const owner = postgresOwner();
  const dir = mkdtempSync(join(tmpdir(), 'stillwater-killable-'));
  chmodSync(dir, 0o755);
  const home = homeOf?.() ?? join(dir, 'home');
  mkdirSync(home, { recursive: true });
  giveTo(owner, home);
  const { initdb, pgCtl } = await findPostgresBinaries(owner, dir);
  const run = (program: string, args: readonly string[]) => runAs(owner, dir, program, args);
  const password = await initialiseCluster({ home, owner, initdb, run });

  const port = await freePort();
  const extra = Object.entries(settings).map(([name, setting]) => `-c ${name}=${setting}`);
  const flags = [`-p ${port}`, '-c listen_addresses=127.0.0.1', "-c unix_socket_directories=''", ...extra].join(' ');
  const control = (...args: string[]) => run(pgCtl, ['-D', join(home, 'cluster'), '-w', ...args]);
  const restart = () => control('-l', join(home, 'log'), '-o', flags, 'start');
  const crash = () => control('-m', 'immediate', 'stop');
  await restart();

  const url = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  const pool = createPool(new Secret(url), 4, createLogger('silent'));
  const remove = async () => {
    await pool.end();
    await crash().catch(() => undefined);
    for (const folder of [home, dir]) rmSync(folder, { recursive: true, force: true });
  };
  return { url, port, pool, crash, restart, remove };
}

/** Without pipes: a server started by the program would keep them open. */
async function runAs(owner: ProcessOwner, cwd: string, program: string, args: readonly string[]): Promise<void> {
  const ids = owner.uid === undefined || owner.gid === undefined ? {} : { uid: owner.uid, gid: owner.gid };
  const child = spawn(program, args, { cwd, stdio: 'ignore', ...ids });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${basename(program)} ${args.at(-1) ?? ''} failed (${code ?? 'killed'})`);
}
