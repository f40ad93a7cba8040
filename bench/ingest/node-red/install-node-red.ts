import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Held at one version each, so that runs of different days can be compared. */
const PACKAGES = ['node-red@4.1.8', 'node-red-contrib-postgrestor-next@0.5.2'];
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Fetches Node-RED and its PostgreSQL node into the user's cache, once, and returns the folder. It is needed for this
 * comparison alone, so it is no dependency of the project.
 */
export async function installNodeRed(): Promise<{ readonly dir: string } | { readonly unavailable: string }> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const dir = join(cache, 'stillwater-bench', PACKAGES.join('+').replaceAll(/[^a-z0-9.+-]+/g, '-'));
  const complete = join(dir, 'complete');
  if (existsSync(complete)) return { dir };
  try {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    await promisify(execFile)(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', dir, ...PACKAGES],
      {
        cwd: dir,
        timeout: INSTALL_TIMEOUT_MS,
      },
    );
    writeFileSync(complete, '');
    return { dir };
  } catch (error) {
    return { unavailable: `npm could not fetch ${PACKAGES.join(' and ')}: ${lastLine(error)}` };
  }
}

function lastLine(error: unknown): string {
  const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  const lines = words.split('\n').filter((line) => line.startsWith('npm error') && !line.includes('A complete log'));
  return lines[0] ?? (error instanceof Error ? error.message : 'without a word');
}
