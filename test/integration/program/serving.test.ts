import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { isAlive, postgresPidOf, TOWN_DIR, useInstallation } from '../../support/installation.ts';

describe('a service on the embedded parts', () => {
  const installation = useInstallation();
  const pidFile = () => join(installation.dataDir, 'stillwater.pid');
  const homesOnFile = async () => (await installation.run(['import', TOWN_DIR, '--dry-run'])).stdout.split('\n')[1];

  it('answers for its health, gives its metrics and shows its pages', async () => {
    const { url } = await installation.serve();

    const answers = await Promise.all(
      ['/health/live', '/health/ready', '/metrics', '/'].map((path) => get(url + path)),
    );
    expect(answers).toEqual([
      [200, '{"status":"live"}'],
      [200, '{"status":"ready","parts":["database"]}'],
      [200, expect.stringContaining('# TYPE stillwater_')],
      [200, expect.stringContaining('Stillwater')],
    ]);
  });

  it('shows the inboxes of its stand-in phones to people at the machine itself, and to nobody else', async () => {
    const here = await installation.serve();
    expect(here.stdout()).toContain(`phones        ${here.url}/phones\n`);
    expect((await get(`${here.url}/phones`))[0]).toBe(200);
    here.signal('SIGTERM');
    await here.ended;

    const everywhere = await installation.serve({ HTTP_HOST: '0.0.0.0' });
    expect(everywhere.stdout()).not.toContain('phones');
    expect((await get(`${everywhere.url}/phones.json`))[0]).toBe(404);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('is stopped by %s and leaves nothing running', async (signal) => {
    const service = await installation.serve();
    const postgres = postgresPidOf(installation.dataDir);
    expect(postgres).toBeDefined();

    if (signal === 'SIGINT') service.signalGroup(signal);
    else service.signal(signal);
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(postgres && isAlive(postgres)).toBe(false);
    expect(existsSync(pidFile())).toBe(false);
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('stops as cleanly when Ctrl-C comes while its database is being made', async () => {
    const dataDir = join(installation.dataDir, 'early');
    const service = installation.start(['serve'], { STILLWATER_DATA_DIR: dataDir });
    // Once initdb has spoken it is under way, in a group of its own that the signal does not reach.
    const words = join(dataDir, 'postgres', 'last-command.log');
    await untilExists(words);
    await vi.waitFor(() => expect(statSync(words).size).toBeGreaterThan(0), { timeout: 10_000, interval: 5 });

    service.signalGroup('SIGINT');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(postgresPidOf(dataDir)).toBeUndefined();
    expect(readdirSync(dataDir)).toEqual(['code-key', 'postgres']);
  });

  it('has its directory to itself', async () => {
    const service = await installation.serve();

    expect(await installation.run(['serve'])).toMatchObject({
      code: 3,
      stderr: `stillwater: ${installation.dataDir} is in use by process ${service.pid}: stop it, or set STILLWATER_DATA_DIR to another folder\n`,
    });
    expect((await get(`${service.url}/health/ready`))[0]).toBe(200);
  });

  it('shares its database with the other commands, while it runs and while it does not', async () => {
    const before = await installation.run(['migrate']);
    expect(before).toMatchObject({ code: 0, stdout: 'the schema is up to date\n' });
    const service = await installation.serve();
    expect((await installation.run(['import', TOWN_DIR])).stdout).toContain('households   3 added');
    expect((await installation.run(['quarantine', 'list'])).stdout).toBe('the quarantine is empty\n');
    expect((await installation.run(['migrate'])).stdout).toBe('the schema is up to date\n');

    service.signal('SIGTERM');
    await service.ended;
    expect(await homesOnFile()).toBe('households   0 added, 0 changed, 0 removed, 3 unchanged');
    expect((await installation.run(['quarantine', 'list'])).stdout).toBe('the quarantine is empty\n');
    expect(postgresPidOf(installation.dataDir)).toBeUndefined();
    expect(existsSync(pidFile())).toBe(false);
  });
});

function untilExists(path: string): Promise<void> {
  return vi.waitFor(() => expect(existsSync(path)).toBe(true), { timeout: 20_000, interval: 10 });
}

async function get(url: string): Promise<[status: number, body: string]> {
  const response = await fetch(url);
  return [response.status, await response.text()];
}
