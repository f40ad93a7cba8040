import { writeFileSync } from 'node:fs';
import { makeTemplate } from './bench-database.ts';
import { askForOptions } from '../ask-for-options.ts';
import { drawChart } from './batch-sizes/draw-chart.ts';
import { measureBatchSizes } from './batch-sizes/measure-batch-sizes.ts';
import { casesOf } from './cases.ts';
import type { CaseResult } from './figures.ts';
import { goalsOf } from './goals.ts';
import { type LatencyResult, measureLatency } from './latency/measure-latency.ts';
import { measureThroughput } from './measure-throughput.ts';
import { installNodeRed } from './node-red/install-node-red.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import * as progress from './progress.ts';
import { report } from './report.ts';
import { startEmbeddedStack } from './stacks/embedded-stack.ts';
import { startServicesStack } from './stacks/services-stack.ts';
import type { Stack } from './stacks/stack.ts';
import { createStartedParts, type StartedParts } from './started-parts.ts';
import { untilAskedToStop } from '../../src/main/until-asked-to-stop.ts';
import { packageRoot } from '../../src/core/package-root.ts';

const CHART = 'docs/images/ingest-batch-size.svg';
const INTERRUPTED = 130;
const READINGS_LOST = 1;

/**
 * Measures ingest from the message to the committed row: the service beside what limits it (the broker with a
 * subscriber that does nothing, the database's own COPY) and beside what people use instead, all in one run and in
 * turns. The ratios mean something; the absolute figures are those of the machine.
 */
async function main(): Promise<void> {
  const options = askForOptions(parseOptions, HELP);
  const started = createStartedParts();
  const interrupted = untilAskedToStop().then(() => {
    process.exitCode = INTERRUPTED;
  });
  const measured = startStacks(options, started).then((stacks) => measure(options, stacks, started));
  try {
    await Promise.race([measured, interrupted]);
  } finally {
    // What was under way when it was stopped fails, and that is no news.
    measured.catch(() => undefined);
    await started.stopAll();
  }
  if (process.exitCode === INTERRUPTED) process.exit();
}

async function startStacks({ stacks: names }: Options, started: StartedParts): Promise<Stack[]> {
  const stacks: Stack[] = [];
  for (const name of names) {
    const stack = await (name === 'embedded' ? startEmbeddedStack(started) : startServicesStack(started));
    if ('missing' in stack) {
      progress.say(`${name}: left out. ${stack.missing}`);
      continue;
    }
    await makeTemplate(stack.postgres);
    progress.say(`${name}: ${stack.about}`);
    stacks.push(stack);
  }
  return stacks;
}

async function measure(options: Options, stacks: readonly Stack[], started: StartedParts): Promise<void> {
  if (options.parts.has('chart')) await chart(options, stacks, started);
  const runs = options.parts.has('throughput') ? await throughput(options, stacks, started) : [];
  const latency: LatencyResult[] = [];
  for (const stack of options.parts.has('latency') ? stacks : []) {
    latency.push(...(await measureLatency({ ...options, stack, started, onRun: progress.sayLatency })));
  }
  if (losesReadings(runs, latency)) process.exitCode = READINGS_LOST;
  if (runs.length > 0 || latency.length > 0) report({ runs, latency, goals: goalsOf(runs, latency) }, options.output);
}

/** Others may lose what they like; if ours loses a reading, no rate is worth reading. */
function losesReadings(runs: readonly CaseResult[], latency: readonly LatencyResult[]): boolean {
  const ours = runs.filter(({ subject }) => subject === 'ours');
  return [...ours, ...latency].some((result) => 'lost' in result && result.lost > 0);
}

async function throughput(options: Options, stacks: readonly Stack[], started: StartedParts) {
  const needsNodeRed = options.subjects.some((subject) => subject.startsWith('node-red'));
  const nodeRed = needsNodeRed ? await installNodeRed() : { unavailable: 'not asked for' };
  if (needsNodeRed && 'unavailable' in nodeRed) progress.say(`node-red: unavailable. ${nodeRed.unavailable}`);
  return measureThroughput({ cases: casesOf(options), stacks, options, started, nodeRed, onRun: progress.sayRun });
}

/** The chart is drawn for the last of the stacks: the one that is most like production. */
async function chart(options: Options, stacks: readonly Stack[], started: StartedParts): Promise<void> {
  const stack = stacks.at(-1);
  if (!stack) return;
  const sizes = await measureBatchSizes({ ...options, stack, started, onRun: progress.sayBatchSize });
  writeFileSync(new URL(CHART, packageRoot), drawChart(sizes, `${stack.about}; two connections`));
  progress.say(`COPY ceiling: ${Math.round(sizes.copyRowsPerSecond)} rows/s`);
  progress.say(`drawn: ${CHART}`);
}

await main();
