import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedBroker } from '../../src/main/embedded/broker.ts';
import { freePort } from '../../src/main/embedded/free-port.ts';

export interface TestBroker {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export interface BrokerKind {
  readonly kind: string;
  readonly start: () => Promise<TestBroker>;
}

/** The brokers on which everything must work: the embedded one, and Mosquitto where the machine has it. */
export function brokerKinds(): BrokerKind[] {
  const embedded = { kind: 'the embedded broker', start: () => startEmbeddedBroker() };
  return hasMosquitto() ? [embedded, { kind: 'Mosquitto', start: startMosquitto }] : [embedded];
}

/** Whether this machine has a Mosquitto. Where it has none that is said aloud, and in CI it is a failure. */
export function hasMosquitto(): boolean {
  const { status } = spawnSync('mosquitto', ['-h'], { env: environment() });
  if (status !== null) return true;
  const message = 'mosquitto is not installed: tests against a real broker are left out (apt-get install mosquitto)';
  if (process.env['CI']) throw new Error(message);
  console.warn(message);
  return false;
}

/** Starts a Mosquitto on a free port that lets anybody in and drops nothing. Stopping it forgets everything. */
export async function startMosquitto(): Promise<TestBroker> {
  const dir = mkdtempSync(join(tmpdir(), 'stillwater-mosquitto-'));
  chmodSync(dir, 0o755);
  const port = await freePort();
  const settings = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_queued_messages 0'];
  writeFileSync(join(dir, 'mosquitto.conf'), `${settings.join('\n')}\n`);
  const child = spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore', env: environment() });
  const exited = once(child, 'exit');
  await untilListening(port);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Debian puts the broker where ordinary users do not look. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    await delay(50);
  }
  throw new Error('mosquitto did not start');
}
