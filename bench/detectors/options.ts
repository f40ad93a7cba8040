import { parseArgs } from 'node:util';
import { wholeNumber } from '../whole-number.ts';

export interface Options {
  readonly homes: readonly number[];
  readonly days: number;
  /** Also the same homes with 30 and with 400 days of history. */
  readonly comparesHistories: boolean;
  readonly rounds: number;
  readonly processes: number;
  /** Without the detector that compares a home with its own past. */
  readonly fixedRules: boolean;
  /** A town with more readings than this gets fewer days of them. */
  readonly maxReadings: number;
  readonly json: boolean;
}

export const HELP = `bench:detectors: a run of all detectors over a town, beside the best single SQL statement for the plain 24 h rule

  --homes LIST      sizes of the town (1000,10000)
  --days N          days of hourly history of each home (120)
  --histories       also 1,000 homes with 30 and with 400 days of history
  --rounds N        days that arrive after the history, each judged; the medians are shown (3)
  --processes N     how many processes judge at once (1)
  --fixed-rules     without the detector that compares a home with its own past
  --max-readings N  a town with more gets fewer days of them (30000000, with --full as many as there are)
  --full            1,000, 10,000 and 100,000 homes, and the histories: an hour or two, and 40 GB in the temporary folder
  --json            one JSON object as the last line
  --help            this
`;

/**
 * What was asked for on the command line.
 *
 * @throws Error with a sentence for the user.
 */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      homes: { type: 'string' },
      days: { type: 'string', default: '120' },
      histories: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      processes: { type: 'string', default: '1' },
      'fixed-rules': { type: 'boolean', default: false },
      'max-readings': { type: 'string' },
      full: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const homes = values.homes ?? (values.full ? '1000,10000,100000' : '1000,10000');
  return {
    homes: homes.split(',').map((size) => wholeNumber('--homes', size)),
    days: wholeNumber('--days', values.days),
    comparesHistories: values.histories || values.full,
    rounds: wholeNumber('--rounds', values.rounds),
    processes: wholeNumber('--processes', values.processes),
    fixedRules: values['fixed-rules'],
    maxReadings: wholeNumber('--max-readings', values['max-readings'] ?? (values.full ? '1000000000' : '30000000')),
    json: values.json,
  };
}
