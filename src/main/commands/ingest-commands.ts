import { type Command, Option } from 'commander';
import type { LineFormatName } from '../../ingest/files/line-format.ts';

interface IngestOptions {
  readonly format?: LineFormatName;
  readonly rejected?: string;
  readonly fromStart?: boolean;
  readonly json?: boolean;
}

const MORE = `
A line of CSV is one reading, below a header with meter, at, index_l (or index_m3) and, if need be, status:

  meter,at,index_l
  WM-1001,2026-11-23T08:00:00+08:00,123456

A line of NDJSON is {"meter", "at", "index_l"}, or {"meter", "readings": [...]}.

What cannot be taken is written to FILE.rejected.csv (or .ndjson) with the reason: mend it there and send that file.
Sending a file twice stores it once. A run that was broken off goes on where it was when it is run again.

Exit codes: 0 every line was taken; 1 some were rejected, or it was broken off; 2 not a file of readings.`;

/** `stillwater ingest`. */
export function addIngestCommand(program: Command): void {
  program
    .command('ingest')
    .description('take in files of readings: CSV or NDJSON, also packed with gzip')
    .argument('<file...>', 'the files, one after the other; - is standard input')
    .addOption(
      new Option('--format <format>', 'how the lines are written (told from the name or the beginning)').choices([
        'csv',
        'ndjson',
      ]),
    )
    .option('--rejected <stem>', 'where rejected lines go; .csv or .ndjson is added (of one file: FILE.rejected)')
    .option('--from-start', 'begin at the first line, even if an earlier run was broken off further on')
    .option('--json', 'print what became of the files as one JSON object')
    .addHelpText('after', MORE)
    .action(async (files: string[], options: IngestOptions) => {
      const { runIngest } = await import('./run-ingest.ts');
      process.exitCode = await runIngest({ files, ...options });
    });
}
