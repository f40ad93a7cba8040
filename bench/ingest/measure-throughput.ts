import { workloadFor } from './cases.ts';
import type { Case, CaseResult, Figures } from './figures.ts';
import { medianFigures } from './median-figures.ts';
import type { Options } from './options.ts';
import { runCase } from './runs/run-case.ts';
import type { Stack } from './stacks/stack.ts';
import type { StartedParts } from './started-parts.ts';

export interface ThroughputSetting {
  readonly cases: readonly Case[];
  readonly stacks: readonly Stack[];
  readonly options: Pick<Options, 'rounds' | 'seconds' | 'messages'>;
  readonly started: StartedParts;
  readonly nodeRed: { readonly dir: string } | { readonly unavailable: string };
  /** Told of each run when it is done. */
  readonly onRun: (round: number, given: Case, outcome: Figures | { readonly unavailable: string }) => void;
}

/** Runs all cases once, then all of them again, so that a slow minute of the machine meets every one of them. */
export async function measureThroughput(setting: ThroughputSetting): Promise<CaseResult[]> {
  const runs = new Map<Case, Figures[]>(setting.cases.map((each) => [each, []]));
  for (let round = 1; round <= setting.options.rounds; round += 1) {
    for (const [given, figures] of runs) {
      const outcome = await runOnce(given, setting);
      setting.onRun(round, given, outcome);
      if (!('unavailable' in outcome)) figures.push(outcome);
    }
  }
  return [...runs].map(([given, figures]) => ({ ...given, ...summary(given, figures, setting) }));
}

async function runOnce(given: Case, setting: ThroughputSetting): Promise<Figures | { unavailable: string }> {
  const stack = setting.stacks.find(({ name }) => name === given.stack);
  const unavailable = whyUnavailable(given, setting);
  if (!stack || unavailable !== undefined) return { unavailable: unavailable ?? 'the stack is not there' };
  return runCase(given.subject, {
    stack,
    workload: workloadFor(given, setting.options),
    started: setting.started,
    nodeRedDir: 'dir' in setting.nodeRed ? setting.nodeRed.dir : undefined,
  });
}

function whyUnavailable({ subject }: Case, { nodeRed }: ThroughputSetting): string | undefined {
  return subject.startsWith('node-red') && 'unavailable' in nodeRed ? nodeRed.unavailable : undefined;
}

function summary(given: Case, figures: readonly Figures[], setting: ThroughputSetting) {
  if (figures.length > 0) return { ...medianFigures(figures), rounds: figures.length };
  return { unavailable: whyUnavailable(given, setting) ?? 'the stack is not there' };
}
