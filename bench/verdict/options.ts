import { parseArgs } from 'node:util';
import { wholeNumber } from '../whole-number.ts';

export const HELP = `bench:verdict: how long after its reading was sent a home's verdict stands, while so many messages come in a second

  --rate N      messages a second, each the next hour of another home (500)
  --seconds N   for how long (30)
  --json        one JSON object as the last line
  --help        this
`;

export interface Options {
  /** Messages a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly json: boolean;
}

/**
 * What was asked for on the command line.
 *
 * @throws Error with a sentence for the user.
 */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '500' },
      seconds: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    rate: wholeNumber('--rate', values.rate),
    seconds: wholeNumber('--seconds', values.seconds),
    json: values.json,
  };
}
