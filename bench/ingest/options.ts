import { parseArgs } from 'node:util';
import { type Subject, SUBJECTS } from './figures.ts';
import { type StackName, STACKS } from './stacks/stack.ts';
import { type Load, LOADS } from './workload.ts';

const PARTS = ['throughput', 'latency', 'chart'] as const;

export interface Options {
  readonly stacks: readonly StackName[];
  readonly loads: readonly Load[];
  readonly subjects: readonly Subject[];
  /** The shares of repeated messages under which ours is measured. */
  readonly repeats: readonly (0 | 0.25)[];
  readonly isSequenced: boolean;
  readonly rounds: number;
  /** About how long a run takes. */
  readonly seconds: number;
  /** How many messages a run has, in place of what would take so many seconds. */
  readonly messages: number | undefined;
  readonly parts: ReadonlySet<(typeof PARTS)[number]>;
  readonly output: 'table' | 'markdown' | 'json';
}

export const HELP = `bench:ingest: from the meter's message to the committed row, beside what limits it and beside others

  --stack NAME      embedded or services; both when left out
  --load NAME       single or batch24; both when left out
  --subject NAME    one or more of ${SUBJECTS.join(', ')}
  --repeats SHARE   0 or 0.25: how many of the messages say again what an earlier one said; both when left out
  --sequenced       ours also with numbered messages of a head-end that asks what is stored
  --rounds N        how often each subject is run, in turns; the medians are shown (3)
  --seconds N       about how long one run takes (5)
  --messages N      how many messages one run has, in place of --seconds
  --quick           one round of a second each, without Node-RED: for trying it out, no figures to quote
  --throughput      only the throughput, without the latencies
  --latency         only the time from a message to its acknowledgement, at 1,000 to 20,000 messages a second
  --chart           only the throughput by size of batch, drawn into docs/images/ingest-batch-size.svg
  --json            one JSON object as the last line
  --markdown        the table of docs/performance.md
  --help            this

Names may be given several times, or joined by commas.
`;

const ONE_ROUND_OF_A_SECOND = { rounds: 1, seconds: 1 };
const USUAL = { rounds: 3, seconds: 5 };

/**
 * What was asked for on the command line.
 *
 * @throws Error with a sentence for the user.
 */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: 'string', multiple: true },
      load: { type: 'string', multiple: true },
      subject: { type: 'string', multiple: true },
      repeats: { type: 'string', multiple: true },
      sequenced: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      messages: { type: 'string' },
      quick: { type: 'boolean', default: false },
      throughput: { type: 'boolean', default: false },
      latency: { type: 'boolean', default: false },
      chart: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const usual = values.quick ? ONE_ROUND_OF_A_SECOND : USUAL;
  const withoutNodeRed = SUBJECTS.filter((subject) => !subject.startsWith('node-red'));
  return {
    stacks: chosen('--stack', values.stack, STACKS),
    loads: chosen('--load', values.load, LOADS),
    subjects: values.subject || !values.quick ? chosen('--subject', values.subject, SUBJECTS) : withoutNodeRed,
    repeats: chosen('--repeats', values.repeats, ['0', '0.25']).map((share) => (share === '0' ? 0 : 0.25)),
    isSequenced: values.sequenced,
    rounds: positive('--rounds', values.rounds, usual.rounds),
    seconds: positive('--seconds', values.seconds, usual.seconds),
    messages: values.messages === undefined ? undefined : positive('--messages', values.messages, 0),
    parts: partsOf(values),
    output: values.json ? 'json' : values.markdown ? 'markdown' : 'table',
  };
}

function partsOf(asked: Readonly<Record<(typeof PARTS)[number], boolean>>): Options['parts'] {
  const parts = PARTS.filter((part) => asked[part]);
  return new Set(parts.length > 0 ? parts : ['throughput', 'latency']);
}

function chosen<Name extends string>(
  option: string,
  given: readonly string[] | undefined,
  names: readonly Name[],
): Name[] {
  if (!given) return [...names];
  return given
    .flatMap((value) => value.split(','))
    .map((value) => {
      const name = names.find((each) => each === value);
      if (name === undefined) throw new Error(`${option} ${value}: it is one of ${names.join(', ')}`);
      return name;
    });
}

function positive(option: string, given: string | undefined, usual: number): number {
  const value = given === undefined ? usual : Number(given);
  if (given !== undefined && !(value > 0 && Number.isFinite(value))) {
    throw new Error(`${option} ${given}: a number above zero is needed`);
  }
  return value;
}
