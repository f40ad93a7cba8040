import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';

/**
 * Keeps a data directory to one process. The lock names its owner, so one that was left by a killed process is seen
 * to be stale and taken over.
 *
 * @throws AppError `already_running` when a living process holds it.
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'stillwater.pid');
  if (!tryToWrite(path)) {
    const owner = ownerOf(path);
    if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
      throw new AppError(
        'already_running',
        `${dataDir} is in use by process ${owner}: stop it, or set STILLWATER_DATA_DIR to another folder`,
      );
    }
    rmSync(path, { force: true });
    if (!tryToWrite(path)) throw new AppError('already_running', `${dataDir} was taken by another process just now`);
  }
  return () => rmSync(path, { force: true });
}

/** Whether a living process keeps the data directory. */
export function isDataDirInUse(dataDir: string): boolean {
  const path = join(dataDir, 'stillwater.pid');
  const owner = existsSync(path) ? ownerOf(path) : undefined;
  return owner !== undefined && isAlive(owner);
}

/** Writes our process id, unless the file exists. */
function tryToWrite(path: string): boolean {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(path: string): number | undefined {
  const pid = Number(readFileSync(path, 'utf8'));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
