import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { freePort } from './free-port.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { initialiseCluster, SUPERUSER } from './postgres-cluster.ts';
import { canBeReachedBy, giveTo, postgresOwner, type ProcessOwner } from './unprivileged-user.ts';

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its password and its log; made when missing. */
  readonly dataDir: string;
  /** Further settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  readonly url: Secret;
  /** Where the cluster and its log really lie. */
  readonly dir: string;
  readonly stop: () => Promise<void>;
}

const DATABASE = 'postgres';
/** Of a failed statement PostgreSQL would write the row into its log, with names and phones. */
const QUIET = { log_error_verbosity: 'terse' };
const START_ATTEMPTS = 3;
const PG_CTL_TIMEOUT_S = '60';
/** Where root keeps what the user `postgres` must reach, when the data directory itself lies where only root may look. */
const ROOT_FALLBACK_DIR = '/var/lib/stillwater';

/**
 * Starts a real PostgreSQL of our own on a free port of the loopback interface.
 *
 * `pg_ctl` puts the server in a session of its own, so that Ctrl-C in a terminal reaches us and not it, and we can
 * stop using it before it stops. A server that outlived a killed process is stopped first, cleanly.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const owner = postgresOwner();
  const home = reachableHome(resolve(options.dataDir), owner);
  const { initdb, pgCtl } = await findPostgresBinaries(owner, home);
  const cluster = join(home, 'cluster');
  const run = (program: string, args: readonly string[]) => runProgram(program, args, owner, home);

  const password = await initialiseCluster({ home, owner, initdb, run });
  const control = (...args: string[]) => run(pgCtl, ['-D', cluster, '-w', '-t', PG_CTL_TIMEOUT_S, ...args]);
  const stopLeftOver = async () => {
    if (existsSync(join(cluster, 'postmaster.pid'))) await control('stop', '-m', 'fast').catch(() => undefined);
  };

  const port = await startOnFreePort(control, stopLeftOver, join(home, 'postgres.log'), options.settings ?? {});
  return {
    url: addressOf(password, port),
    dir: home,
    stop: async () => {
      await control('stop', '-m', 'fast');
    },
  };
}

/** The address of a server that another process of ours has started in this data directory, if there is one. */
export function runningEmbeddedPostgres(dataDir: string): Secret | undefined {
  const home = reachableHome(resolve(dataDir), postgresOwner());
  const [pidFile, passwordFile] = [join(home, 'cluster', 'postmaster.pid'), join(home, 'password')];
  if (!existsSync(pidFile) || !existsSync(passwordFile)) return undefined;
  // The fourth line of the file is the port.
  const port = Number(readFileSync(pidFile, 'utf8').split('\n')[3]);
  return addressOf(readFileSync(passwordFile, 'utf8').trim(), port);
}

function addressOf(password: string, port: number): Secret {
  return new Secret(`postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`);
}

/** The data directory, or a place outside where the unprivileged user can reach it. */
function reachableHome(dataDir: string, owner: ProcessOwner): string {
  const wanted = join(dataDir, 'postgres');
  mkdirSync(dataDir, { recursive: true });
  const home = canBeReachedBy(owner, wanted)
    ? wanted
    : join(ROOT_FALLBACK_DIR, createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  mkdirSync(ROOT_FALLBACK_DIR === dirname(home) ? ROOT_FALLBACK_DIR : dataDir, { recursive: true });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  giveTo(owner, home);
  return home;
}

async function startOnFreePort(
  control: (...args: string[]) => Promise<void>,
  stopLeftOver: () => Promise<void>,
  logFile: string,
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  const extra = Object.entries({ ...QUIET, ...settings }).map(([name, setting]) => `-c ${name}=${setting}`);
  for (let attempt = 1; ; attempt += 1) {
    await stopLeftOver();
    const port = await freePort();
    const flags = [`-p ${port}`, '-c listen_addresses=127.0.0.1', "-c unix_socket_directories=''", ...extra];
    try {
      await control('start', '-l', logFile, '-o', flags.join(' '));
      return port;
    } catch (cause) {
      if (attempt < START_ATTEMPTS) continue;
      throw new AppError('embedded_service_failed', `PostgreSQL did not start; its own words are in ${logFile}`, {
        cause,
      });
    }
  }
}

/**
 * Runs a program to its end. Its output goes to files, not to pipes: a server started by it would inherit a pipe and
 * keep it open for as long as it lives.
 */
async function runProgram(program: string, args: readonly string[], owner: ProcessOwner, home: string): Promise<void> {
  const outputPath = join(home, 'last-command.log');
  const output = openSync(outputPath, 'w', 0o600);
  const child = spawn(program, args, {
    cwd: home,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', output, output],
    // Out of the terminal's reach: a Ctrl-C is for us, and what was begun is finished before it is undone.
    detached: process.platform !== 'win32',
    ...(owner.uid === undefined || owner.gid === undefined ? {} : { uid: owner.uid, gid: owner.gid }),
  });
  closeSync(output);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0) return;
  const words = readFileSync(outputPath, 'utf8').trim();
  throw new AppError('embedded_service_failed', `${basename(program)} failed (${code ?? 'killed'}): ${words}`);
}
