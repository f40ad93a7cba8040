import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const PROGRAMS = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto_passwd'];

/** Whether Mosquitto is on this machine. A run that claims to be complete must have it. */
export function hasMosquitto(): boolean {
  if (PROGRAMS.every((program) => existsSync(program))) return true;
  const notice = 'Mosquitto is not on this machine: apt-get install mosquitto';
  if (process.env['CI']) throw new Error(notice);
  console.warn(`Left out: the broker's settings as they are shipped. ${notice}`);
  return false;
}

export interface ShippedBroker {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts Mosquitto with the settings and the access list of deploy/, and the users given; only its paths are moved. */
export async function startShippedBroker(users: Readonly<Record<string, string>>): Promise<ShippedBroker> {
  const home = mkdtempSync(join(tmpdir(), 'stillwater-broker-'));
  chmodSync(home, 0o777);
  const port = await freePort();
  const passwords = join(home, 'passwords');
  writeFileSync(passwords, '');
  for (const [name, password] of Object.entries(users)) {
    execFileSync('mosquitto_passwd', ['-b', passwords, name, password], { stdio: 'ignore' });
  }
  chmodSync(passwords, 0o644);
  writeFileSync(join(home, 'acl'), readFileSync('deploy/mosquitto/acl'));
  writeFileSync(join(home, 'mosquitto.conf'), movedSettings(home, port));

  const broker = spawn('mosquitto', ['-c', join(home, 'mosquitto.conf')], { stdio: 'ignore' });
  await untilListening(port);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      broker.kill();
      await once(broker, 'exit');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The TLS listener needs a certificate of the installation, so only the inner one is started here. */
function movedSettings(home: string, port: number): string {
  return readFileSync('deploy/mosquitto/mosquitto.conf', 'utf8')
    .replace(/^listener 8883\ncertfile .*\nkeyfile .*\ntls_version .*\n/m, '')
    .replace('listener 1883', `listener ${port} 127.0.0.1`)
    .replace('/run/secrets/mosquitto_passwords', join(home, 'passwords'))
    .replace('/mosquitto/config/acl', join(home, 'acl'))
    .replace('/mosquitto/data/', `${home}/`);
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await wait(50);
  }
  throw new Error('Mosquitto did not start with the settings of deploy/');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
