import { preciseNow } from '../answer-parent.ts';
import { awaitRows, isStored } from '../await-rows.ts';
import { makeDatabase } from '../bench-database.ts';
import { type Part, startPart } from '../part.ts';
import type { RelayPart, Waits } from '../processes/relay.ts';
import { knockUntil, type Publisher, startPublisher } from '../runs/publishing.ts';
import type { Stack, StackName } from '../stacks/stack.ts';
import { createStartedParts, type StartedParts } from '../started-parts.ts';
import { median } from '../../../src/domain/median.ts';
import { TAKERS } from '../takers.ts';
import { DAY_MS } from '../../../src/domain/time.ts';
import { expectedRows, FIRST_AT_MS, lastRow, WARM_UP_AT_MS, type Workload, workloadOf } from '../workload.ts';

/** How long single readings wait for their acknowledgement while so many come in a second. */
export interface LatencyResult extends Omit<Waits, 'messages'> {
  readonly stack: StackName;
  readonly wantedPerSecond: number;
  /** What the publisher got rid of. */
  readonly messagesPerSecond: number;
  readonly lost: number;
}

export interface LatencySetting {
  readonly stack: Stack;
  readonly rounds: number;
  /** How long each rate is kept up. */
  readonly seconds: number;
  readonly started: StartedParts;
  readonly onRun: (round: number, result: LatencyResult) => void;
}

export const RATES = [1_000, 5_000, 10_000, 20_000] as const;
/** As many rounds of all rates warm up before they count. */
const WARM_UP_ROUNDS = 1;

interface Scene {
  readonly publisher: Publisher;
  readonly relay: Part<RelayPart>;
  readonly database: Awaited<ReturnType<typeof makeDatabase>>;
}

/**
 * Measures the time from a message's arrival at the ingester to its PUBACK, seen by a relay between broker and ingester.
 * All rates in turns; the medians of the rounds.
 */
export async function measureLatency(setting: LatencySetting): Promise<LatencyResult[]> {
  const started = createStartedParts();
  const stopRun = setting.started.keep(() => started.stopAll());
  try {
    const scene = await startScene(setting.stack, started);
    const results: LatencyResult[] = [];
    for (let round = 1 - WARM_UP_ROUNDS; round <= setting.rounds; round += 1) {
      for (const [position, rate] of RATES.entries()) {
        const place = (round - 1 + WARM_UP_ROUNDS) * RATES.length + position;
        const result = { stack: setting.stack.name, ...(await runAt(scene, rate, setting.seconds, place)) };
        if (round < 1) continue;
        setting.onRun(round, result);
        results.push(result);
      }
    }
    return RATES.map((rate) => medians(results.filter(({ wantedPerSecond }) => wantedPerSecond === rate)));
  } finally {
    await stopRun();
  }
}

async function startScene(stack: Stack, started: StartedParts): Promise<Scene> {
  const database = await makeDatabase(stack.postgres, started);
  const broker = await stack.startBroker(started);
  const relay = startPart<RelayPart>('relay', started);
  const { port } = await relay.ask('start', { brokerPort: broker.port });
  const { mqttVersion } = stack;
  const brokerUrl = `mqtt://127.0.0.1:${port}`;
  await TAKERS.ours({ brokerUrl, database, load: 'single', mqttVersion, started, nodeRedDir: undefined });
  const publisher = await startPublisher(broker, started);
  const load = workloadOf({ load: 'single', messages: 1, firstAtMs: WARM_UP_AT_MS });
  await knockUntil(publisher, load, (knock) => isStored(database, lastRow(knock)));
  return { publisher, relay, database };
}

/** Each run has days of its own, so that none of its readings is a repeat. */
async function runAt({ publisher, relay, database }: Scene, rate: number, seconds: number, place: number) {
  const workload: Workload = workloadOf({
    load: 'single',
    messages: rate * seconds,
    firstAtMs: FIRST_AT_MS + place * 3 * DAY_MS,
  });
  await publisher.ask('prepare', workload);
  await relay.ask('forget');
  const { startedAtMs, takenAtMs } = await publisher.ask('publish', { messagesPerSecond: rate });
  const { rows } = await awaitRows(database, workload, () => ({ atMs: preciseNow() }));
  const { p50Ms, p99Ms, longestMs } = await relay.ask('waits');
  return {
    wantedPerSecond: rate,
    messagesPerSecond: workload.messages / ((takenAtMs - startedAtMs) / 1_000),
    p50Ms,
    p99Ms,
    longestMs,
    lost: expectedRows(workload) - rows,
  };
}

function medians(runs: readonly LatencyResult[]): LatencyResult {
  const [first] = runs;
  if (!first) throw new Error('no round was run');
  const of = (figure: 'messagesPerSecond' | 'p50Ms' | 'p99Ms' | 'longestMs') => median(runs.map((run) => run[figure]));
  return {
    stack: first.stack,
    wantedPerSecond: first.wantedPerSecond,
    messagesPerSecond: of('messagesPerSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    longestMs: of('longestMs'),
    lost: runs.reduce((sum, { lost }) => sum + lost, 0),
  };
}
