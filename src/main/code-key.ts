import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { Secret } from '../core/secret.ts';

const KEY_BYTES = 32;

/**
 * The key under which short codes are kept: the configured one, or one that lies beside the embedded database, made
 * when there is none. Undefined for a database that others share and no key: processes that each made up their own
 * would give out codes which the others refuse, so none are given out.
 */
export function codeKeyFor({ codeKey, database, dataDir }: Config): Secret | undefined {
  if (codeKey !== undefined || database.url !== undefined) return codeKey;
  const path = join(dataDir, 'code-key');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, randomBytes(KEY_BYTES).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  }
  return new Secret(readFileSync(path, 'utf8'));
}
