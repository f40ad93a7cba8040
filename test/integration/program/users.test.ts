import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { useInstallation, withEmbeddedDatabase } from '../../support/installation.ts';

const FALLBACK = '/var/lib/stillwater';

/** An ordinary user runs all other tests as one: only root can play both. */
describe.runIf(process.getuid?.() === 0)('a service that is started by', () => {
  const installation = useInstallation();
  let scratch = '';
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'stillwater-users-'));
    chmodSync(scratch, 0o755);
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('an ordinary user runs as that user, with its database', async () => {
    const user = { uid: idOf('-u'), gid: idOf('-g') };
    const home = join(scratch, 'home');
    mkdirSync(home);
    chownSync(home, user.uid, user.gid);
    const dataDir = join(home, '.stillwater');

    const root = programWithinReachOf(user, scratch);
    const service = await installation.serve({ STILLWATER_DATA_DIR: dataDir, HOME: home }, { user, root });
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    expect(ownersOf(join(dataDir, 'postgres'))).toEqual(new Set(['nobody']));
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });

  it('root keeps its database where PostgreSQL can reach it, when the data directory is for root alone', async () => {
    const locked = join(scratch, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    const dataDir = join(locked, 'data');

    const service = await installation.serve({ STILLWATER_DATA_DIR: dataDir });
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    const cluster = await withEmbeddedDatabase(dataDir, async (pool) => {
      const { rows } = await pool.query<{ data_directory: string }>('show data_directory');
      return rows[0]!.data_directory;
    });
    onTestFinished(() => removeFallback(dirname(cluster)));
    expect(dirname(dirname(cluster))).toBe(FALLBACK);
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });

    const again = await installation.serve({ STILLWATER_DATA_DIR: dataDir });
    again.signal('SIGTERM');
    expect(await again.ended).toEqual({ code: 0, signal: null });
  });
});

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
}

/** The project itself, or a copy of what it runs on, where the project lies in a folder that the user cannot enter. */
function programWithinReachOf(user: { uid: number; gid: number }, scratch: string): string | undefined {
  if (spawnSync('ls', ['package.json'], { ...user, stdio: 'ignore' }).status === 0) return undefined;
  const copy = join(scratch, 'program');
  mkdirSync(copy);
  execFileSync('cp', ['-R', 'dist', 'migrations', 'package.json', 'node_modules', copy]);
  return copy;
}

function ownersOf(dir: string): Set<string> {
  return new Set(execFileSync('find', [dir, '-printf', '%u\n'], { encoding: 'utf8' }).trim().split('\n'));
}

/** Leaves the machine as it was. */
function removeFallback(home: string): void {
  rmSync(home, { recursive: true });
  try {
    rmdirSync(FALLBACK);
  } catch {
    // Somebody else's data lie there as well.
  }
}
