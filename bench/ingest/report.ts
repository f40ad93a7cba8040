import { cpus } from 'node:os';
import type { CaseResult } from './figures.ts';
import type { Goal } from './goals.ts';
import type { LatencyResult } from './latency/measure-latency.ts';
import type { Options } from './options.ts';
import { asMarkdown, asText, goalTable, latencyTable, type Table, throughputTable } from './table.ts';

export interface Results {
  readonly runs: readonly CaseResult[];
  readonly latency: readonly LatencyResult[];
  readonly goals: readonly Goal[];
}

/** Prints the results; with `json` also as one object on the last line. */
export function report(results: Results, output: Options['output']): void {
  const { runs, latency, goals } = results;
  const tables = [
    ...(runs.length > 0 ? [throughputTable(runs)] : []),
    ...(latency.length > 0 ? [latencyTable(latency)] : []),
    ...(goals.length > 0 ? [goalTable(goals)] : []),
  ];
  const write = (table: Table) =>
    process.stdout.write(`\n${output === 'markdown' ? asMarkdown(table) : asText(table)}\n`);
  process.stdout.write(`\n${machine()}\n`);
  for (const table of tables) write(table);
  if (output === 'json')
    process.stdout.write(`\n${JSON.stringify({ machine: machine(), ...results, runs: runs.map(asRecord) })}\n`);
}

/** A run as it stands in the JSON: what it is not is left out, and what was not counted is null. */
function asRecord({ repeats, isSequenced, ...rest }: CaseResult): object {
  return { ...rest, ...(repeats > 0 && { repeats }), ...(isSequenced && { sequenced: true }) };
}

/** What the figures were measured on. */
function machine(): string {
  const cores = cpus();
  return `${cores.length} x ${cores[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
}
