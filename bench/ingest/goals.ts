import type { CaseResult, Figures, Subject } from './figures.ts';
import type { LatencyResult } from './latency/measure-latency.ts';
import type { StackName } from './stacks/stack.ts';
import type { Load } from './workload.ts';

/** Something to reach on one stack, and what was measured. */
export interface Goal {
  readonly name: string;
  readonly stack: StackName;
  readonly about: string;
  readonly measured: number;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
  readonly isMet: boolean;
}

type Selection = Pick<CaseResult, 'load' | 'subject'> & { readonly repeats?: 0.25 };
type Wanted = Goal['wanted'];

/** The goals that these results can answer, one stack after the other. What was not measured is left out. */
export function goalsOf(results: readonly CaseResult[], latencies: readonly LatencyResult[]): Goal[] {
  const stacks = new Set([...results, ...latencies].map(({ stack }) => stack));
  return [...stacks].flatMap((stack) => [
    ...throughputGoals(results, stack),
    ...latencyGoals(latencies.filter((each) => each.stack === stack)),
  ]);
}

function throughputGoals(results: readonly CaseResult[], stack: StackName): Goal[] {
  const find = (wanted: Selection) => figuresIn(results, stack, wanted);
  const goal = (name: string, about: string, measured: number | undefined, wanted: Wanted) =>
    measured === undefined || Number.isNaN(measured) ? [] : [judged({ name, stack, about, measured, wanted })];
  const messageRatio = (ours: Selection, other: Subject) =>
    ratio(find(ours)?.messagesPerSecond, find({ load: ours.load, subject: other })?.messagesPerSecond);
  const rowRatio = (ours: Selection, other: Subject) =>
    ratio(find(ours)?.rowsPerSecond, find({ load: ours.load, subject: other })?.rowsPerSecond);
  const ourCpu = (load: Load) => find({ load, subject: 'ours' });

  const single = { load: 'single', subject: 'ours' } as const;
  const batch24 = { load: 'batch24', subject: 'ours' } as const;
  const repeats = { repeats: 0.25 } as const;
  return [
    ...goal('P1', 'single: ours / broker ceiling', messageRatio(single, 'broker-ceiling'), { atLeast: 0.95 }),
    ...goal('P2', 'batch24: ours / COPY ceiling', rowRatio(batch24, 'copy-ceiling'), { atLeast: 0.7 }),
    ...goal('P3', 'single: ours / insert a message', messageRatio(single, 'insert-per-message'), { atLeast: 11 }),
    ...goal('P3', 'single: ours / tuned Node-RED', messageRatio(single, 'node-red-batched'), { atLeast: 2.5 }),
    ...goal('P3', 'batch24: ours / insert a message', rowRatio(batch24, 'insert-per-message'), { atLeast: 10 }),
    ...goal('P3', 'batch24: ours / tuned Node-RED', rowRatio(batch24, 'node-red-batched'), { atLeast: 4 }),
    ...goal(
      'P4',
      'single, a quarter repeated: ours / broker ceiling',
      messageRatio({ ...single, ...repeats }, 'broker-ceiling'),
      { atLeast: 0.4 },
    ),
    ...goal(
      'P4',
      'batch24, a quarter repeated: ours / COPY ceiling',
      rowRatio({ ...batch24, ...repeats }, 'copy-ceiling'),
      { atLeast: 0.4 },
    ),
    ...goal('P5a', 'single: ingester and database, us CPU a reading', cpuWithoutBroker(ourCpu('single')), {
      atMost: 9,
    }),
    ...goal('P5a', 'batch24: ingester and database, us CPU a row', cpuWithoutBroker(ourCpu('batch24')), {
      atMost: 2.5,
    }),
    ...goal('P5', 'single: most memory of the ingester, MB', find(single)?.peakRssMb, { atMost: 150 }),
    ...goal('P5', 'batch24: most memory of the ingester, MB', find(batch24)?.peakRssMb, { atMost: 150 }),
  ];
}

function latencyGoals(latencies: readonly LatencyResult[]): Goal[] {
  return latencies.flatMap(({ stack, wantedPerSecond, p50Ms, p99Ms }) => {
    const at = `at ${wantedPerSecond} messages/s: received to acknowledged`;
    return [
      judged({ name: 'P5a', stack, about: `${at}, p50 ms`, measured: p50Ms, wanted: { atMost: 4 } }),
      judged({ name: 'P5a', stack, about: `${at}, p99 ms`, measured: p99Ms, wanted: { atMost: 10 } }),
    ];
  });
}

/** The figures of a case without numbering; undefined when it was not measured. */
export function figuresIn(
  results: readonly CaseResult[],
  stack: StackName,
  { load, subject, repeats = 0 }: { load: Load; subject: Subject; repeats?: 0 | 0.25 },
): Figures | undefined {
  const found = results.find(
    (each) =>
      each.stack === stack &&
      each.load === load &&
      each.subject === subject &&
      each.repeats === repeats &&
      !each.isSequenced,
  );
  return found && !('unavailable' in found) ? found : undefined;
}

/** A million rows take as many seconds as one row takes microseconds. */
function cpuWithoutBroker(figures: Figures | undefined): number | undefined {
  return figures && figures.subscriberCpuSecondsPerMillionRows + figures.postgresCpuSecondsPerMillionRows;
}

function ratio(ours: number | undefined, other: number | undefined): number | undefined {
  return ours === undefined || other === undefined ? undefined : ours / other;
}

function judged(goal: Omit<Goal, 'isMet'>): Goal {
  const { measured, wanted } = goal;
  return { ...goal, isMet: 'atLeast' in wanted ? measured >= wanted.atLeast : measured <= wanted.atMost };
}
