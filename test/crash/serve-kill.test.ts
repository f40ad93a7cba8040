import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isAlive, postgresPidOf, TOWN_DIR, useInstallation } from '../support/installation.ts';

describe('a service that is killed', () => {
  const installation = useInstallation();

  it('starts again on the same directory, takes over what was left behind, and knows its homes', async () => {
    const killed = await installation.serve();
    expect((await installation.run(['import', TOWN_DIR])).code).toBe(0);
    killed.signalGroup('SIGKILL');
    expect(await killed.ended).toEqual({ code: null, signal: 'SIGKILL' });
    const orphan = postgresPidOf(installation.dataDir);
    expect(readFileSync(join(installation.dataDir, 'stillwater.pid'), 'utf8')).toBe(String(killed.pid));

    const survivor = await installation.serve();
    expect(orphan && isAlive(orphan)).toBe(false);
    const { stdout } = await installation.run(['import', TOWN_DIR, '--dry-run']);
    expect(stdout).toContain('households   0 added, 0 changed, 0 removed, 3 unchanged');
    survivor.signal('SIGTERM');
    expect(await survivor.ended).toEqual({ code: 0, signal: null });
  });
});

describe('a service that is killed while it starts for the first time', () => {
  const fresh = useInstallation();
  const directoryOf = (afterMs: number) => ({ STILLWATER_DATA_DIR: join(fresh.dataDir, String(afterMs)) });

  it.each([300, 900, 1_800])('starts afterwards (killed after %i ms)', async (afterMs) => {
    const killed = fresh.start(['serve'], directoryOf(afterMs));
    await delay(afterMs);
    killed.signalGroup('SIGKILL');
    await killed.ended;

    const survivor = await fresh.serve(directoryOf(afterMs));
    expect((await fetch(`${survivor.url}/health/ready`)).status).toBe(200);
    survivor.signal('SIGTERM');
    expect(await survivor.ended).toEqual({ code: 0, signal: null });
  });
});
