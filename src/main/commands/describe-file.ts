import type { FileReport } from '../../ingest/files/ingest-file.ts';
import type { LineTotals } from '../../ingest/files/line-totals.ts';
import { escapeText } from './escape.ts';

/** How the taking in of a file ended: with a report, or with an error. */
export interface FileEnding {
  readonly path: string;
  readonly seconds: number;
  readonly code: number;
  readonly report?: FileReport;
  readonly error?: string;
}

interface Printer {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

/** Tells people what became of a file: the figures on standard output, what is wrong on standard error. */
export function describeFile({ path, seconds, report, error }: FileEnding, { print, printError }: Printer): void {
  if (!report) {
    printError(`${path}: ${escapeText(error ?? '')}`);
    return;
  }
  const { totals, resumedAfterLine, isComplete } = report;
  if (resumedAfterLine > 0) print(`${path}: gone on with after line ${figure(resumedAfterLine)}`);
  print(`${path}: ${figure(totals.readings)} readings in ${figure(totals.lines)} lines, ${seconds.toFixed(1)} s`);
  for (const line of figuresOf(report)) print(`  ${line}`);
  for (const line of faultsOf(totals)) printError(`  ${line}`);
  if (report.rejectedPath !== undefined) printError(`  mend them in ${report.rejectedPath} and send that file again`);
  if (!isComplete) printError(`${path}: broken off; run the same again to go on from here`);
}

function figuresOf({ totals, unknownMeters }: FileReport): string[] {
  const { stored, repeats, conflicts, unknown } = totals;
  const among = unknownMeters.length > 0 ? ` (${unknownMeters.join(', ')}${unknown > 0 ? ', ...' : ''})` : '';
  return [
    `${figure(stored)} stored`,
    `${figure(repeats)} were there already`,
    ...(conflicts > 0 ? [`${figure(conflicts)} contradict a stored one; both are kept`] : []),
    ...(unknown > 0 ? [`${figure(unknown)} of meters that nobody registered${among}; kept until they are`] : []),
  ];
}

function faultsOf({ rejected, rejectedLines, refused }: LineTotals): string[] {
  const reasons = Object.entries(rejected).map(([reason, { lines, first }]) => {
    const more = lines > first.length ? ', ...' : '';
    return `  ${figure(lines)} ${reason}: line ${first.join(', ')}${more}`;
  });
  return [
    ...(rejectedLines > 0 ? [`${figure(rejectedLines)} lines rejected`] : []),
    ...reasons,
    ...(refused > 0 ? [`${figure(refused)} readings refused by the database: see stillwater quarantine list`] : []),
  ];
}

function figure(count: number): string {
  return count.toLocaleString('en-US');
}
