import { type Command, InvalidArgumentError } from 'commander';

/** `stillwater decode`. */
export function addDecodeCommand(program: Command): void {
  program
    .command('decode')
    .description('say what would be stored of a message, or why nothing would; stores nothing')
    .argument('<file>', 'the payload; - is standard input')
    .requiredOption('--topic <topic>', 'the topic it was published to')
    .option('--received-at <time>', 'when it came, such as 2026-11-23T12:00:00Z (default: now)', momentIn)
    .action(async (file: string, { topic, receivedAt }: { topic: string; receivedAt?: Date }) => {
      const { runDecode } = await import('./run-decode.ts');
      process.exitCode = runDecode({ file, topic, receivedAt });
    });
}

/** @throws InvalidArgumentError for what is no time, or names no offset from UTC. */
function momentIn(text: string): Date {
  const moment = new Date(text);
  const isMoment = !Number.isNaN(moment.getTime()) && /T.*(?:Z|[+-]\d\d:\d\d)$/.test(text);
  if (!isMoment) throw new InvalidArgumentError('It must be a time with its zone.');
  return moment;
}
