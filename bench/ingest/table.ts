import type { CaseResult } from './figures.ts';
import { figuresIn, type Goal } from './goals.ts';
import type { LatencyResult } from './latency/measure-latency.ts';

/** A table as rows of cells; the first row is the head. */
export type Table = readonly (readonly string[])[];

const NO_FIGURE = '-';

/** Every case with its rates and how it stands to the ceilings and to ours. */
export function throughputTable(results: readonly CaseResult[]): Table {
  const head = [
    'stack', 'load', 'subject', 'messages/s', 'rows/s', 'of broker', 'of COPY', 'ours is',
    'us CPU a row', 'taker', 'PostgreSQL', 'broker', 'MB', 'lost',
  ]; // prettier-ignore
  return [head, ...results.map((result) => [result.stack, result.load, nameOf(result), ...cellsOf(result, results)])];
}

function nameOf({ subject, repeats, isSequenced }: CaseResult): string {
  return `${subject}${repeats > 0 ? ', 1/4 repeated' : ''}${isSequenced ? ', numbered' : ''}`;
}

function cellsOf(result: CaseResult, results: readonly CaseResult[]): string[] {
  if ('unavailable' in result) return [`unavailable: ${result.unavailable}`];
  const { stack, load } = result;
  const of = (subject: CaseResult['subject']) => figuresIn(results, stack, { load, subject });
  const [broker, copy, ours] = [of('broker-ceiling'), of('copy-ceiling'), of('ours')];
  return [
    whole(result.messagesPerSecond),
    whole(result.rowsPerSecond),
    digits(result.messagesPerSecond / (broker?.messagesPerSecond ?? Number.NaN)),
    digits(result.rowsPerSecond / (copy?.rowsPerSecond ?? Number.NaN)),
    times((ours?.rowsPerSecond ?? Number.NaN) / result.rowsPerSecond),
    digits(result.cpuSecondsPerMillionRows),
    digits(result.subscriberCpuSecondsPerMillionRows),
    digits(result.postgresCpuSecondsPerMillionRows),
    digits(result.brokerCpuSecondsPerMillionRows),
    whole(result.peakRssMb),
    whole(result.lost),
  ];
}

/** From the message to its acknowledgement, by rate. */
export function latencyTable(latencies: readonly LatencyResult[]): Table {
  return [
    ['stack', 'wanted/s', 'messages/s', 'p50 ms', 'p99 ms', 'longest ms', 'lost'],
    ...latencies.map((each) => [
      each.stack,
      whole(each.wantedPerSecond),
      whole(each.messagesPerSecond),
      digits(each.p50Ms),
      digits(each.p99Ms),
      digits(each.longestMs),
      whole(each.lost),
    ]),
  ];
}

/** Each goal beside what was measured. */
export function goalTable(goals: readonly Goal[]): Table {
  return [
    ['goal', 'stack', 'what', 'measured', 'wanted', 'met'],
    ...goals.map(({ name, stack, about, measured, wanted, isMet }) => [
      name,
      stack,
      about,
      digits(measured),
      'atLeast' in wanted ? `>= ${wanted.atLeast}` : `<= ${wanted.atMost}`,
      isMet ? 'yes' : 'NO',
    ]),
  ];
}

/** Columns under each other; figures stand at the right. */
export function asText(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => widthOf(row, column))));
  return table
    .map((row) =>
      row
        .map((cell, column) => (isFigure(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The last cell of a short row may run on to the right. */
function widthOf(row: readonly string[], column: number): number {
  const isLong = column === row.length - 1 && column < 4 && row.length > 1;
  return isLong ? 0 : (row[column]?.length ?? 0);
}

/** The same for a document. */
export function asMarkdown(table: Table): string {
  const columns = table[0]?.length ?? 0;
  const line = (row: readonly string[]) =>
    `| ${Array.from({ length: columns }, (_, column) => row[column] ?? '').join(' | ')} |`;
  const [head = [], ...rows] = table;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function isFigure(cell: string): boolean {
  return cell === NO_FIGURE || /^[\d.,]+( x)?$/.test(cell);
}

function whole(figure: number): string {
  return Number.isNaN(figure) ? NO_FIGURE : Math.round(figure).toLocaleString('en');
}

function digits(figure: number): string {
  if (Number.isNaN(figure)) return NO_FIGURE;
  return figure >= 100 ? whole(figure) : String(Number(figure.toPrecision(3)));
}

function times(figure: number): string {
  return Number.isNaN(figure) ? NO_FIGURE : `${digits(figure)} x`;
}
