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
  readonly kind: 'the embedded broker' | 'Mosquitto';
  readonly start: () => Promise<TestBroker>;
}

/** The brokers on which everything must work: the embedded one, and Mosquitto where the machine has it. */
export function brokerKinds(): BrokerKind[] {
  const embedded: BrokerKind = { kind: 'the embedded broker', start: () => startEmbeddedBroker() };
  return hasMosquitto() ? [embedded, { kind: 'Mosquitto', start: () => startMosquitto() }] : [embedded];
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

/** A Mosquitto that can die and come back on the same port. */
export interface MosquittoBroker extends TestBroker {
  /** Ends it with SIGKILL: what it had not written down is gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again, with what it had written down. */
  readonly restart: () => Promise<void>;
  /** Deletes what it had written down, while it is not running: sessions, subscriptions and messages. */
  readonly forget: () => void;
}

/** Written down within a second, as the settings in deploy/ have it. */
export const DURABLE = ['persistence true', 'autosave_on_changes true', 'autosave_interval 1'];
/** Nothing is dropped for readers that are away. */
const KEEPS_ALL = ['max_queued_messages 0'];
const DATABASE = 'mosquitto.db';

/**
 * Starts a Mosquitto on a free port that lets anybody in, and, unless other settings are given, drops nothing. Stopping
 * it forgets everything.
 */
export async function startMosquitto(settings: readonly string[] = KEEPS_ALL): Promise<MosquittoBroker> {
  const dir = mkdtempSync(join(tmpdir(), 'stillwater-mosquitto-'));
  // It gives up the rights of root, and must be able to write here nevertheless.
  chmodSync(dir, 0o777);
  const port = await freePort();
  const where = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', `persistence_location ${dir}/`];
  writeFileSync(join(dir, 'mosquitto.conf'), `${[...where, ...settings].join('\n')}\n`);
  const start = async () => {
    const child = spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore', env: environment() });
    const exited = once(child, 'exit');
    await untilListening(port);
    return async (signal: NodeJS.Signals) => {
      child.kill(signal);
      await exited;
    };
  };
  let end = await start();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    restart: async () => {
      end = await start();
    },
    forget: () => rmSync(join(dir, DATABASE), { force: true }),
    stop: async () => {
      await end('SIGTERM');
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
