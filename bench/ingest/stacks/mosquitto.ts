import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../src/main/embedded/free-port.ts';
import type { StartedParts } from '../started-parts.ts';
import type { RunningBroker } from './stack.ts';

export interface Mosquitto {
  readonly about: string;
}

const ATTEMPTS = 100;
const BETWEEN_ATTEMPTS_MS = 50;

/** Undefined where this machine has none. */
export function findMosquitto(): Mosquitto | undefined {
  const { status, stdout } = spawnSync('mosquitto', ['-h'], { env: environment(), encoding: 'utf8' });
  return status === null ? undefined : { about: `Mosquitto ${/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? ''}` };
}

/** Starts a Mosquitto on a free port that lets anybody in and drops nothing. Stopping it forgets everything. */
export async function startMosquitto(started: StartedParts): Promise<RunningBroker> {
  const dir = mkdtempSync(join(tmpdir(), 'stillwater-bench-'));
  chmodSync(dir, 0o755);
  const port = await freePort();
  const settings = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_queued_messages 0'];
  writeFileSync(join(dir, 'mosquitto.conf'), `${settings.join('\n')}\n`);
  // Out of the terminal's reach: a Ctrl-C is for us.
  const child = spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], {
    stdio: 'ignore',
    env: environment(),
    detached: true,
  });
  const exited = once(child, 'exit');
  started.keep(async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(dir, { recursive: true, force: true });
  });
  await untilListening(port);
  if (child.pid === undefined) throw new Error('mosquitto did not start');
  return { url: `mqtt://127.0.0.1:${port}`, port, pid: child.pid };
}

/** Debian puts the broker where ordinary users do not look. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    await delay(BETWEEN_ATTEMPTS_MS);
  }
  throw new Error('mosquitto did not start');
}
