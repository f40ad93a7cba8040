import type { Command } from 'commander';
import { Option } from 'commander';
import { QUARANTINE_REASONS } from '../../domain/metering/quarantine-reason.ts';
import { wholeNumber } from './whole-number.ts';

interface FilterOptions {
  readonly reason?: string;
  readonly serial?: string;
}

/** `stillwater quarantine` and what belongs to it. */
export function addQuarantineCommands(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('messages that could not be taken as readings, and why')
    .addHelpText('after', '\nA message of an unknown meter is taken by itself soon after the meter is registered.');

  filtered(quarantine.command('list', { isDefault: true }))
    .description('how many wait for each reason, which unknown meters send, and the newest messages')
    .option('--limit <number>', 'list at most so many', wholeNumber, 20)
    .option('--json', 'print one JSON object')
    .action(async (options: FilterOptions & { limit: number; json?: boolean }) => {
      const { runQuarantineList } = await import('./run-quarantine.ts');
      await runQuarantineList(options);
    });

  quarantine
    .command('show')
    .description('all that is known of one message')
    .argument('<id>', 'its number in the list', wholeNumber)
    .option('--raw', 'only the payload, byte for byte: for a file, not for a terminal')
    .action(async (id: number, { raw }: { raw?: boolean }) => {
      const { runQuarantineShow } = await import('./run-quarantine.ts');
      await runQuarantineShow(id, raw ?? false);
    });

  filtered(quarantine.command('replay'))
    .description('read messages again, after a fix, and take what can be taken')
    .option('--id <number>', 'only this message', wholeNumber)
    .option('--dry-run', 'say what would be taken and write nothing')
    .addHelpText('after', '\nReadings keep the time at which they came. It may be stopped and started again.')
    .action(async (options: FilterOptions & { id?: number; dryRun?: boolean }) => {
      const { runQuarantineReplay } = await import('./run-quarantine.ts');
      process.exitCode = await runQuarantineReplay(options);
    });
}

function filtered(command: Command): Command {
  return command
    .addOption(new Option('--reason <reason>', 'only messages with this reason').choices(QUARANTINE_REASONS))
    .option('--serial <serial>', 'only messages of this meter');
}
