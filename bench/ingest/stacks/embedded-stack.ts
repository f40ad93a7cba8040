import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/main/embedded/postgres.ts';
import { startPart } from '../part.ts';
import type { BrokerPart } from '../processes/broker.ts';
import type { StartedParts } from '../started-parts.ts';
import type { RunningBroker, Stack } from './stack.ts';

/** Starts the PostgreSQL that comes with the program, with its default settings; brokers are aedes. */
export async function startEmbeddedStack(started: StartedParts): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stillwater-bench-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  started.keep(async () => {
    await postgres.stop();
    for (const dir of [postgres.dir, dataDir]) await rm(dir, { recursive: true, force: true });
  });
  const pid = Number((await readFile(join(postgres.dir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  return {
    name: 'embedded',
    about: 'embedded PostgreSQL, aedes',
    postgres: { url: postgres.url.reveal(), pid },
    mqttVersion: 4,
    startBroker: startAedes,
  };
}

async function startAedes(started: StartedParts): Promise<RunningBroker> {
  const part = startPart<BrokerPart>('broker', started);
  const { url } = await part.ask('start');
  return { url, port: Number(new URL(url).port), pid: part.pid };
}
