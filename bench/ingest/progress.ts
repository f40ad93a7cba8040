import type { BatchSizeResult } from './batch-sizes/measure-batch-sizes.ts';
import type { Case, Figures } from './figures.ts';
import type { LatencyResult } from './latency/measure-latency.ts';

/** Progress goes to standard error, so that standard output holds the results alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function sayRun(round: number, given: Case, outcome: Figures | { readonly unavailable: string }): void {
  const { stack, load, subject, repeats, isSequenced } = given;
  const variant = `${repeats > 0 ? ', 1/4 repeated' : ''}${isSequenced ? ', numbered' : ''}`;
  const result =
    'unavailable' in outcome
      ? 'unavailable'
      : `${Math.round(outcome.messagesPerSecond)} messages/s, ${Math.round(outcome.rowsPerSecond)} rows/s` +
        (outcome.lost > 0 ? `, ${outcome.lost} LOST` : '');
  say(`round ${round}  ${stack} ${load} ${subject}${variant}: ${result}`);
}

export function sayLatency(round: number, { stack, wantedPerSecond, p50Ms, p99Ms }: LatencyResult): void {
  say(`round ${round}  ${stack} at ${wantedPerSecond}/s: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`);
}

export function sayBatchSize(round: number, { writer, rowsABatch, rowsPerSecond }: BatchSizeResult): void {
  say(`round ${round}  ${writer}, ${rowsABatch} rows a batch: ${Math.round(rowsPerSecond)} rows/s`);
}
