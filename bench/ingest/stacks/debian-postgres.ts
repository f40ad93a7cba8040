import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../src/main/embedded/free-port.ts';
import { giveTo, postgresOwner } from '../../../src/main/embedded/unprivileged-user.ts';
import type { StartedParts } from '../started-parts.ts';
import type { RunningPostgres } from './stack.ts';

const VERSIONS = '/usr/lib/postgresql';
const OLDEST_SUPPORTED = 15;

/** The folder of the programs of the newest PostgreSQL that Debian has put on this machine. */
export function findDebianPostgres(): string | undefined {
  const majors = existsSync(VERSIONS) ? readdirSync(VERSIONS).map(Number) : [];
  const [newest] = majors.filter((major) => major >= OLDEST_SUPPORTED).toSorted((a, b) => b - a);
  const bin = `${VERSIONS}/${newest ?? ''}/bin`;
  return newest !== undefined && existsSync(join(bin, 'initdb')) ? bin : undefined;
}

/**
 * Starts a cluster of its own on a free port, with the settings that PostgreSQL has by default: every commit is on the
 * disk before it counts. Stopping deletes it.
 */
export async function startDebianPostgres(
  bin: string,
  started: StartedParts,
): Promise<RunningPostgres & { about: string }> {
  const owner = postgresOwner();
  const home = mkdtempSync(join(tmpdir(), 'stillwater-bench-'));
  giveTo(owner, home);
  const cluster = join(home, 'cluster');
  const ids = owner.uid === undefined || owner.gid === undefined ? {} : { uid: owner.uid, gid: owner.gid };
  const run = (program: string, ...args: string[]) =>
    promisify(execFile)(join(bin, program), args, { cwd: home, ...ids });
  // pg_ctl leaves the server running, and the server would keep the pipes of an output that is read.
  const control = (...args: string[]) =>
    execFileSync(join(bin, 'pg_ctl'), ['-D', cluster, '-w', ...args], { cwd: home, stdio: 'ignore', ...ids });

  const removeHome = started.keep(() => rm(home, { recursive: true, force: true }));
  await run('initdb', '-D', cluster, '-U', 'bench', '--auth=trust', '--encoding=UTF8', '--locale=C');
  const port = await freePort();
  const flags = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
  control('-l', join(home, 'log'), '-o', flags, 'start');
  started.keep(async () => {
    control('-m', 'fast', 'stop');
    await removeHome();
  });
  const { stdout } = await run('postgres', '--version');
  return {
    url: `postgresql://bench@127.0.0.1:${port}/postgres`,
    pid: Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]),
    about: `PostgreSQL ${/\d+(\.\d+)?/.exec(stdout)?.[0] ?? ''}`,
  };
}
