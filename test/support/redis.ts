import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { freePort } from '../../src/main/embedded/free-port.ts';

export interface RedisServer {
  readonly url: Secret;
  readonly stop: () => Promise<void>;
}

/** A real Redis of this test file's own, empty at the start. Read its URL inside tests and hooks. */
export function useRedis() {
  const isPresent = hasRedis();
  let server: RedisServer | undefined;
  beforeAll(async () => {
    if (isPresent) server = await startRedis({ 'maxmemory-policy': 'noeviction' });
  });
  afterAll(() => server?.stop());
  return {
    /** False where the machine has no Redis: the tests that need it are then to be left out. */
    isPresent,
    get url(): Secret {
      if (!server) throw new Error('Redis runs only while tests run');
      return server.url;
    },
  };
}

/** Whether this machine has a Redis. Where it has none that is said aloud, and in CI it is a failure. */
export function hasRedis(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  const message =
    'redis-server is not installed: tests against a real Redis are left out (apt-get install redis-server)';
  if (process.env['CI']) throw new Error(message);
  console.warn(message);
  return false;
}

/** Starts a Redis on a free port, with `settings` as redis.conf names them, and waits until it is ready. */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'stillwater-redis-'));
  const port = await freePort();
  const all = { port: String(port), bind: '127.0.0.1', dir, save: '', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');

  await untilReady(child.stdout);
  child.stdout.resume();
  return {
    url: new Secret(`redis://127.0.0.1:${port}`),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function untilReady(output: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: output })) {
    if (/ready to accept connections/i.test(line)) return;
  }
  throw new Error('redis-server ended before it was ready');
}
