import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** The user a child process runs as; undefined fields mean: as ourselves. */
export interface ProcessOwner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

const USER = 'postgres';

/**
 * PostgreSQL refuses to run as root. Started by root, it runs as the user `postgres`, which is made if there is none;
 * started by anybody else, it runs as them.
 */
export function postgresOwner(): ProcessOwner {
  if (process.getuid?.() !== 0) return { uid: undefined, gid: undefined };
  return findUser() ?? makeUser();
}

function findUser(): ProcessOwner | undefined {
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return undefined;
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

function makeUser(): ProcessOwner {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', USER], { stdio: 'ignore' });
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch (cause) {
    throw new AppError(
      'embedded_service_failed',
      `PostgreSQL does not run as root and the user ${USER} could not be made: start as an ordinary user, or set DATABASE_URL`,
      { cause },
    );
  }
}

/** Gives a folder to the owner; does nothing where that is ourselves. */
export function giveTo(owner: ProcessOwner, path: string): void {
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(path, owner.uid, owner.gid);
}

/** Whether another user can reach `path`: every folder above it must let strangers through. */
export function canBeReachedBy(owner: ProcessOwner, path: string): boolean {
  if (owner.uid === undefined) return true;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
