import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveTo, postgresOwner } from '../../src/main/embedded/unprivileged-user.ts';

export interface ThrowAwayPostgres {
  readonly url: string;
  readonly stop: () => void;
}

export interface DebianPostgres {
  readonly major: number;
  /** The folder of its programs. */
  readonly bin: string;
}

const VERSIONS = '/usr/lib/postgresql';
const OLDEST_SUPPORTED = 15;

/** The oldest PostgreSQL among Debian's packages on this machine that is still supported; undefined without any. */
export function oldestDebianPostgres(): DebianPostgres | undefined {
  const majors = existsSync(VERSIONS) ? readdirSync(VERSIONS).map(Number) : [];
  const [major] = majors.filter((version) => version >= OLDEST_SUPPORTED).toSorted((a, b) => a - b);
  const bin = `${VERSIONS}/${major ?? ''}/bin`;
  return major !== undefined && existsSync(join(bin, 'initdb')) ? { major, bin } : undefined;
}

/** Starts a cluster of its own with the programs of a Debian package, on a free port; stopping deletes it. */
export async function startThrowAwayPostgres({ bin }: DebianPostgres): Promise<ThrowAwayPostgres> {
  const owner = postgresOwner();
  const home = mkdtempSync(join(tmpdir(), 'stillwater-debian-'));
  giveTo(owner, home);
  const cluster = join(home, 'cluster');
  const ids = owner.uid === undefined || owner.gid === undefined ? {} : { uid: owner.uid, gid: owner.gid };
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(bin, program), args, { cwd: home, stdio: 'ignore', ...ids });

  run('initdb', '-D', cluster, '-U', 'tester', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C');
  const port = await freePort();
  const flags = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off`;
  run('pg_ctl', '-D', cluster, '-w', '-l', join(home, 'log'), '-o', flags, 'start');
  return {
    url: `postgresql://tester@127.0.0.1:${port}/postgres`,
    stop: () => {
      run('pg_ctl', '-D', cluster, '-w', '-m', 'immediate', 'stop');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
