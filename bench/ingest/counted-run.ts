import { cpuSecondsOfTree, hasProcessFigures, peakRssMb } from './process-figures.ts';
import type { Moment } from './await-rows.ts';
import type { Figures } from './figures.ts';
import { readingsAMessage, type Workload } from './workload.ts';
import { preciseNow } from './answer-parent.ts';

/** The processes whose time counts for a subject. One that has none of a kind leaves it out. */
export interface CountedProcesses {
  readonly subscriber?: number;
  readonly postgres?: number;
  readonly broker?: number;
}

/** The clock and what the counted processes have used so far, in seconds. */
export interface CountedMoment extends Moment {
  readonly subscriber: number;
  readonly postgres: number;
  readonly broker: number;
}

/** A function that takes the time and looks at the processes, now. */
export function momentTaker(pids: CountedProcesses): () => CountedMoment {
  const used = (pid: number | undefined) => (pid === undefined || !hasProcessFigures() ? 0 : cpuSecondsOfTree(pid));
  return () => ({
    atMs: preciseNow(),
    subscriber: used(pids.subscriber),
    postgres: used(pids.postgres),
    broker: used(pids.broker),
  });
}

export interface Outcome {
  readonly workload: Workload;
  readonly pids: CountedProcesses;
  readonly before: CountedMoment;
  readonly startedAtMs: number;
  readonly after: CountedMoment;
  readonly rows: number;
  readonly lost: number;
}

/** Turns what was seen into rates. */
export function figuresOf({ workload, pids, before, startedAtMs, after, rows, lost }: Outcome): Figures {
  const seconds = (after.atMs - startedAtMs) / 1_000;
  const received = rows / readingsAMessage(workload.load);
  const perMillionRows = (kind: 'subscriber' | 'postgres' | 'broker') =>
    hasProcessFigures() ? (after[kind] - before[kind]) / (rows / 1e6) : Number.NaN;
  const cpu = {
    subscriber: perMillionRows('subscriber'),
    postgres: perMillionRows('postgres'),
    broker: perMillionRows('broker'),
  };
  return {
    messages: workload.messages,
    seconds,
    messagesPerSecond: (lost === 0 ? workload.messages : received) / seconds,
    rowsPerSecond: rows / seconds,
    lost,
    cpuSecondsPerMillionRows: cpu.subscriber + cpu.postgres + cpu.broker,
    subscriberCpuSecondsPerMillionRows: cpu.subscriber,
    postgresCpuSecondsPerMillionRows: cpu.postgres,
    brokerCpuSecondsPerMillionRows: cpu.broker,
    peakRssMb: pids.subscriber !== undefined && hasProcessFigures() ? peakRssMb(pids.subscriber) : Number.NaN,
  };
}
