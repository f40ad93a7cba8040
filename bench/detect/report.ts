import type { ScoreRow } from './score.ts';

const COLUMNS: readonly (readonly [title: string, cell: (row: ScoreRow) => string])[] = [
  ['rule', ({ rule }) => rule],
  ['played', ({ injections }) => String(injections)],
  ['false alarms a year [95 %]', ({ faAll, faAllBounds }) => `${faAll} ${interval(faAllBounds)}`],
  ['short', ({ faShort, faShortBounds }) => `${faShort} ${interval(faShortBounds)}`],
  ['announced', ({ faAnnounced }) => String(faAnnounced)],
  ['hours: median', ({ ttdMedian, ttdMedianBounds }) => `${figure(ttdMedian)} ${interval(ttdMedianBounds)}`],
  ['mean', ({ ttdMean }) => figure(ttdMean)],
  ['p90', ({ ttdP90 }) => figure(ttdP90)],
  ['told', ({ arrivalMedian }) => figure(arrivalMedian)],
  ['in 12 h', ({ within12 }) => percent(within12)],
  ['in 18 h', ({ within18 }) => percent(within18)],
  ['in 24 h', ({ within24 }) => percent(within24)],
  ['in 26 h', ({ within26 }) => percent(within26)],
  ['missed', ({ missed96 }) => percent(missed96)],
  ['alarms each', ({ alarmsEach }) => String(alarmsEach)],
];

/** The rows as a table for people, one part for each way of arriving and each injection. */
export function table(rows: readonly ScoreRow[]): string {
  const parts = new Map<string, ScoreRow[]>();
  for (const row of rows) parts.set(titleOf(row), [...(parts.get(titleOf(row)) ?? []), row]);
  return [...parts].map(([title, part]) => `${title}\n${lines(part)}`).join('\n\n');
}

function titleOf({ injection, arrival, households, householdYears }: ScoreRow): string {
  return `${injection}, ${arrival} arrival: ${households} homes, ${householdYears} years`;
}

function lines(rows: readonly ScoreRow[]): string {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}

function interval(bounds: readonly [number, number] | null): string {
  return bounds === null ? '' : `[${bounds[0]}, ${bounds[1]}]`;
}

function figure(hours: number | null): string {
  return hours === null ? '-' : String(hours);
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}
