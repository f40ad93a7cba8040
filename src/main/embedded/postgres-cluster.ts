import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { giveTo, type ProcessOwner } from './unprivileged-user.ts';

export const SUPERUSER = 'stillwater';
/** A cluster has its name only when it is complete. */
const UNFINISHED = 'unfinished-cluster-';

export interface ClusterOptions {
  /** The folder that holds the cluster and its password. */
  readonly home: string;
  readonly owner: ProcessOwner;
  readonly initdb: string;
  /** Runs a program as the owner. */
  readonly run: (program: string, args: readonly string[]) => Promise<void>;
}

/**
 * Makes the cluster on the first start, with a password of its own, and returns that password.
 *
 * @throws AppError `embedded_service_failed` when a cluster is there and its password is not.
 */
export async function initialiseCluster(options: ClusterOptions): Promise<string> {
  const cluster = join(options.home, 'cluster');
  const passwordFile = join(options.home, 'password');
  if (!existsSync(cluster)) return makeCluster(options, cluster, passwordFile);
  if (existsSync(passwordFile)) return readFileSync(passwordFile, 'utf8').trim();
  throw new AppError('embedded_service_failed', `${passwordFile} is missing: put it back, or move ${cluster} away`);
}

async function makeCluster(
  { home, owner, initdb, run }: ClusterOptions,
  cluster: string,
  passwordFile: string,
): Promise<string> {
  removeUnfinished(home);
  const unfinished = join(home, `${UNFINISHED}${randomBytes(4).toString('hex')}`);
  const password = randomBytes(24).toString('base64url');
  const fresh = `${passwordFile}.new`;
  writeFileSync(fresh, password, { mode: 0o600 });
  giveTo(owner, fresh);
  await run(initdb, [
    `--pgdata=${unfinished}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${fresh}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--no-instructions',
  ]);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  rmSync(fresh);
  renameSync(unfinished, cluster);
  return password;
}

/**
 * Clusters that were never finished hold nothing. The `initdb` of a killed process may still be at work on one; it ends
 * when its files are gone.
 */
function removeUnfinished(home: string): void {
  for (const name of readdirSync(home).filter((each) => each.startsWith(UNFINISHED))) {
    rmSync(join(home, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
