import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../src/main/embedded/free-port.ts';
import type { Taker, TakerSetting } from '../taker.ts';
import { type FlowKind, flowOf } from './flow.ts';

/** How long it may take to say goodbye; with a backlog of inserts it does not listen. */
const PATIENCE_MS = 3_000;

/** Starts Node-RED with a flow and without its editor. */
export async function startNodeRed(setting: TakerSetting, kind: FlowKind): Promise<Taker> {
  const { brokerUrl, database, load, mqttVersion, started, nodeRedDir } = setting;
  if (nodeRedDir === undefined) throw new Error('Node-RED is not installed');
  const userDir = mkdtempSync(join(tmpdir(), 'stillwater-bench-'));
  const flow = flowOf(
    {
      brokerPort: Number(new URL(brokerUrl).port),
      databaseUrl: database.url,
      firstMeterId: database.firstMeterId,
      load,
      mqttVersion,
    },
    kind,
  );
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(await settings())};`);
  writeFileSync(join(userDir, 'package.json'), '{"name":"bench","private":true}');
  symlinkSync(join(nodeRedDir, 'node_modules'), join(userDir, 'node_modules'));

  const program = join(nodeRedDir, 'node_modules', 'node-red', 'red.js');
  const child = spawn(process.execPath, [program, '--userDir', userDir], {
    cwd: userDir,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const stop = started.keep(async () => {
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await exited;
    clearTimeout(impatience);
    rmSync(userDir, { recursive: true, force: true });
  });
  if (child.pid === undefined) throw new Error('Node-RED did not start');
  return { pid: child.pid, stop };
}

async function settings(): Promise<object> {
  return {
    uiHost: '127.0.0.1',
    uiPort: await freePort(),
    flowFile: 'flows.json',
    credentialSecret: false,
    disableEditor: true,
    httpAdminRoot: false,
    httpNodeRoot: false,
    functionExternalModules: false,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'error', metrics: false, audit: false } },
  };
}
