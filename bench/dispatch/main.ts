import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raiseAlerts } from '../../src/alerts/raise-alert.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { wakeable } from '../../src/core/wakeable.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../src/domain/alerting/escalation-policy.ts';
import { startEmbeddedPostgres } from '../../src/main/embedded/postgres.ts';
import { twilioSmsGateway } from '../../src/notify/channels/twilio-sms-gateway.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';
import { ACCOUNT, type PhonesSay } from './phones.ts';
import { type BenchHome, layOutTown } from './town.ts';

const ALERTS = numberAfter('--alerts') ?? 1_000;
/** As the service does by itself: it looks every two seconds, and at once when alerts were raised. */
const DISPATCH_EVERY_MS = 2_000;
/** The detectors raise what they found in so many homes at a time, one set after the other. */
const JUDGED_AT_ONCE = 500;
const LIMITS = { caps: { perNumberAnHour: 10, perHour: 10_000, reserve: 0.2 } };

/**
 * So many homes go still at one moment: how long until the provider has taken the text to each guardian and contact?
 * The real outbox on the embedded database; the provider is a stand-in over HTTP in a process of its own.
 *
 * `--alerts N` (1,000), `--json` for one object as the last line.
 */
async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stillwater-bench-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const pool = createPool(postgres.url, 12, createLogger('error'));
  const phones = fork(new URL('./phones.js', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const url = await addressOf(phones);
    await migrate(pool, 'Asia/Shanghai');
    const homes = await layOutTown(pool, ALERTS, systemClock.now());
    const beganMs = performance.timeOrigin + performance.now();
    await sendAll(pool, url, homes);
    phones.send('what did you take?');
    const answer = await said(phones);
    report(homes, 'taken' in answer ? answer.taken : [], beganMs);
  } finally {
    if (phones.connected) phones.send('stop');
    await pool.end();
    await postgres.stop();
    await rm(postgres.dir, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function said(phones: ChildProcess): Promise<PhonesSay> {
  const [what] = (await once(phones, 'message')) as [PhonesSay];
  return what;
}

async function addressOf(phones: ChildProcess): Promise<string> {
  const what = await said(phones);
  if (!('url' in what)) throw new Error('the stand-in must say first where it listens');
  return what.url;
}

async function sendAll(pool: DbPool, baseUrl: string, homes: readonly BenchHome[]): Promise<void> {
  const deps = { pool, clock: systemClock, log: createLogger('error') };
  const gateway = twilioSmsGateway({
    config: {
      driver: 'twilio',
      baseUrl,
      accountSid: ACCOUNT.accountSid,
      authToken: new Secret(ACCOUNT.authToken),
      previousAuthToken: undefined,
      sender: { messagingServiceSid: `MG${'0'.repeat(32)}` },
      links: 'any',
    },
    publicBaseUrl: 'http://127.0.0.1:9',
  });
  const dispatch = wakeable(() =>
    dispatchOutbox({ ...deps, gateway, publicBaseUrl: 'http://127.0.0.1:9', limits: LIMITS }),
  );
  const tick = setInterval(() => void dispatch(), DISPATCH_EVERY_MS);
  const onOpened = () => void dispatch();
  const raises = homes.map(({ householdId, findingId, evidence }) => ({
    householdId,
    findingId,
    evidence,
    detectorVersion: 1,
    policy: DEFAULT_ESCALATION_POLICY,
  }));
  for (let start = 0; start < raises.length; start += JUDGED_AT_ONCE) {
    await raiseAlerts({ ...deps, onOpened }, raises.slice(start, start + JUDGED_AT_ONCE));
  }
  clearInterval(tick);
  await dispatch();
}

function report(homes: readonly BenchHome[], taken: readonly { to: string; atMs: number }[], beganMs: number): void {
  const times = taken.map(({ atMs }) => atMs - beganMs).toSorted((a, b) => a - b);
  const counts = new Map<string, number>();
  for (const { to } of taken) counts.set(to, (counts.get(to) ?? 0) + 1);
  const owed = homes.flatMap(({ phones }) => phones);
  const result = {
    alerts: homes.length,
    texts: taken.length,
    p50Ms: Math.round(at(times, 0.5)),
    p99Ms: Math.round(at(times, 0.99)),
    textsPerSecond: Math.round((taken.length / at(times, 1)) * 1_000),
    duplicates: taken.length - counts.size,
    lost: owed.filter((phone) => !counts.has(phone)).length,
  };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
  else for (const [name, figure] of Object.entries(result)) process.stdout.write(`${name.padEnd(16)}${figure}\n`);
}

/** The value that a share of them does not exceed. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function numberAfter(option: string): number | undefined {
  const place = process.argv.indexOf(option);
  return place < 0 ? undefined : Number(process.argv[place + 1]);
}

await main();
