import type { Command } from 'commander';
import { wholeNumber } from './whole-number.ts';

/** `stillwater unwatched` and `stillwater coverage`. */
export function addUnwatchedCommands(program: Command): void {
  const unwatched = program
    .command('unwatched')
    .description('homes of which the readings do not tell whether water is used')
    .addHelpText('after', '\nAfter 36 h the contact is asked to look in, 12 h later the desk is told; both once.');
  unwatched
    .command('list', { isDefault: true })
    .description('the homes, the highest tier and the longest first')
    .option('--limit <number>', 'list at most so many', wholeNumber, 100)
    .option('--json', 'print one JSON object')
    .action(async (options: { limit: number; json?: boolean }) => {
      const { withInstallation, unwatchedList } = await running();
      await withInstallation((deps) => unwatchedList(deps, options));
    });
  unwatched
    .command('seen')
    .description('somebody has looked at a home: nobody else need be asked')
    .argument('<household>', "the home's code")
    .action(async (code: string) => {
      const { withInstallation, unwatchedSeen, readHousehold } = await running();
      await withInstallation((deps) => unwatchedSeen(deps, readHousehold(code)));
    });

  program
    .command('coverage')
    .description('for how many hours of a month each home was watched, away and unwatched')
    .argument('<month>', 'in the calendar of each home, such as 2026-03')
    .option('--json', 'print one JSON object, in seconds')
    .action(async (month: string, options: { json?: boolean }) => {
      const { withInstallation, coverage } = await running();
      await withInstallation((deps) => coverage(deps, { month, ...options }));
    });
}

async function running() {
  const parts = [import('./run-command.ts'), import('./unwatched.ts'), import('./meter-arguments.ts')] as const;
  const [run, commands, read] = await Promise.all(parts);
  return { ...run, ...commands, ...read };
}
