import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../../../core/errors.ts';
import { findPostgresBinaries } from '../../embedded/postgres-binaries.ts';
import { type Check, fine, problem, warning } from './check.ts';

const DIRECTORY = 'data directory';
const DATABASE = 'embedded PostgreSQL';
const LEAST_FREE_BYTES = 1_000_000_000;
const OURSELVES = { uid: undefined, gid: undefined };

/** What can be said of the embedded database while it does not run: it is not started only to be looked at. */
export async function checkEmbeddedDatabase(dataDir: string): Promise<readonly Check[]> {
  return [checkDataDirectory(dataDir), await checkBinaries(dataDir)];
}

function checkDataDirectory(dataDir: string): Check {
  const standing = nearestFolder(resolve(dataDir));
  try {
    accessSync(standing, constants.W_OK);
  } catch {
    return problem(DIRECTORY, `${standing} cannot be written to`, 'give us the right to, or set STILLWATER_DATA_DIR');
  }
  const { bavail, bsize } = statfsSync(standing);
  const found = `${dataDir}, ${Math.floor((bavail * bsize) / 1e9)} GB free`;
  return bavail * bsize < LEAST_FREE_BYTES
    ? warning(DIRECTORY, found, 'make room: a full disk stops the service')
    : fine(DIRECTORY, found);
}

/** The folder itself, or the one in which it would be made. */
function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

async function checkBinaries(dataDir: string): Promise<Check> {
  try {
    await findPostgresBinaries(OURSELVES, resolve(dataDir));
  } catch (error) {
    return problem(DATABASE, messageOf(error), 'run npm ci again, or set DATABASE_URL');
  }
  return fine(
    DATABASE,
    'its programs are installed; what is in it was not looked at, since it only runs while we serve',
  );
}
