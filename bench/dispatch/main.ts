import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
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
import { cpuSecondsOfTree } from '../ingest/process-figures.ts';
import { sendBare } from './bare.ts';
import { countStatements } from './count-statements.ts';
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
 * The real outbox on the embedded database; the provider is a stand-in over HTTP in a process of its own. Before and
 * after it the least that must be done for as many texts is measured on the same database and stand-in.
 *
 * `--alerts N` (1,000), `--json` for one object as the last line.
 */
async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stillwater-bench-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const pool = createPool(postgres.url, 12, createLogger('error'));
  const statements = countStatements(pool);
  const phones = fork(new URL('./phones.js', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const url = await addressOf(phones);
    await migrate(pool, 'Asia/Shanghai');
    const homes = await layOutTown(pool, ALERTS, systemClock.now());
    const database = Number((await readFile(join(postgres.dir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    const numbers = homes.flatMap((home) => home.phones);
    const timed = async (work: () => Promise<void>): Promise<Timed> => {
      const cpu = () => ({ ours: ownCpuMs(), database: cpuSecondsOfTree(database) * 1_000, phones: cpuOf(phones) });
      const before = { statements: statements(), ...cpu() };
      const beganMs = performance.timeOrigin + performance.now();
      await work();
      const after = { statements: statements(), ...cpu() };
      phones.send('what did you take?');
      const answer = await said(phones);
      const taken = 'taken' in answer ? answer.taken : [];
      const each = (name: keyof typeof after) => (after[name] - before[name]) / taken.length;
      const cpuMs = { ours: each('ours'), database: each('database'), phones: each('phones') };
      return { taken, times: timesOf(taken, beganMs), statements: each('statements'), cpuMs };
    };
    const bare = [await timed(() => sendBare(pool, url, numbers))];
    const ours = await timed(() => sendAll(pool, url, homes));
    bare.push(await timed(() => sendBare(pool, url, numbers)));
    report(numbers, ours, bare);
  } finally {
    if (phones.connected) phones.send('stop');
    await pool.end();
    await postgres.stop();
    await rm(postgres.dir, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What one way of sending came to; processor time in milliseconds a text. */
interface Timed {
  readonly taken: Taken;
  /** Milliseconds from the findings until the provider had each text, in order. */
  readonly times: readonly number[];
  /** A text. */
  readonly statements: number;
  readonly cpuMs: { readonly ours: number; readonly database: number; readonly phones: number };
}
type Taken = readonly { readonly to: string; readonly atMs: number }[];

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function cpuOf({ pid }: ChildProcess): number {
  return pid === undefined ? 0 : cpuSecondsOfTree(pid) * 1_000;
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

function timesOf(taken: Taken, beganMs: number): number[] {
  return taken.map(({ atMs }) => atMs - beganMs).toSorted((a, b) => a - b);
}

function report(owed: readonly string[], { taken, times, statements, cpuMs }: Timed, bare: readonly Timed[]): void {
  const got = new Set(taken.map(({ to }) => to));
  const bareP99 = bare.reduce((sum, each) => sum + at(each.times, 0.99), 0) / bare.length;
  const bareCpu = bare.reduce((sum, each) => sum + totalOf(each.cpuMs), 0) / bare.length;
  const result = {
    alerts: owed.length / 2,
    texts: taken.length,
    p50Ms: Math.round(at(times, 0.5)),
    p99Ms: Math.round(at(times, 0.99)),
    textsPerSecond: Math.round((taken.length / at(times, 1)) * 1_000),
    duplicates: taken.length - got.size,
    lost: owed.filter((phone) => !got.has(phone)).length,
    statementsPerText: rounded(statements),
    cpuMsPerText: rounded(totalOf(cpuMs)),
    cpuMsOfUs: rounded(cpuMs.ours),
    cpuMsOfDatabase: rounded(cpuMs.database),
    cpuMsOfProvider: rounded(cpuMs.phones),
    bareP99Ms: Math.round(bareP99),
    bareCpuMsPerText: rounded(bareCpu),
    timesBare: rounded(at(times, 0.99) / bareP99),
    cpuTimesBare: rounded(totalOf(cpuMs) / bareCpu),
  };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
  else for (const [name, figure] of Object.entries(result)) process.stdout.write(`${name.padEnd(20)}${figure}\n`);
}

function totalOf({ ours, database, phones }: Timed['cpuMs']): number {
  return ours + database + phones;
}

function rounded(figure: number): number {
  return Math.round(figure * 100) / 100;
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
