import type { StackName } from './stacks/stack.ts';
import type { Load } from './workload.ts';

export const SUBJECTS = [
  'publisher-alone',
  'broker-ceiling',
  'copy-ceiling',
  'ours',
  'insert-per-message',
  'node-red',
  'node-red-batched',
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** What is measured: one subject under one load on one stack. */
export interface Case {
  readonly load: Load;
  readonly stack: StackName;
  readonly subject: Subject;
  readonly repeats: 0 | 0.25;
  readonly isSequenced: boolean;
}

/** What one run of a case gave, or the medians of several. */
export interface Figures {
  readonly messages: number;
  readonly seconds: number;
  readonly messagesPerSecond: number;
  /** Readings taken each second: new rows in the table, or for what stores nothing, what the messages carried. */
  readonly rowsPerSecond: number;
  /** Rows that should be in the table and are not; for what stores nothing, messages that did not arrive. */
  readonly lost: number;
  /** Seconds of processor time a million rows, of all parts that belong to the subject. NaN where nobody counts. */
  readonly cpuSecondsPerMillionRows: number;
  readonly subscriberCpuSecondsPerMillionRows: number;
  readonly postgresCpuSecondsPerMillionRows: number;
  readonly brokerCpuSecondsPerMillionRows: number;
  /** The most memory that the taking process held. */
  readonly peakRssMb: number;
}

export type CaseResult = Case & ((Figures & { readonly rounds: number }) | { readonly unavailable: string });
