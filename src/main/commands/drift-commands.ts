import type { Command } from 'commander';
import { wholeNumber } from './whole-number.ts';

const ADVICE = `
The list is made once a week and is for a person to read: nobody is texted, and nothing is decided by it. It compares the
litres and the hours of use of each day with the 28 days before.`;

/** `stillwater drift`. */
export function addDriftCommand(program: Command): void {
  program
    .command('drift')
    .description('homes whose people use less water, or in fewer hours, than they used to')
    .option('--week <monday>', 'the list of another week, as in 2026-03-02')
    .option('--community <code>', 'of one community alone')
    .option('--limit <number>', 'list at most so many', wholeNumber, 100)
    .option('--json', 'print one JSON object')
    .addHelpText('after', ADVICE)
    .action(async (options: { week?: string; community?: string; limit: number; json?: boolean }) => {
      const parts = [import('./run-command.ts'), import('./drift.ts'), import('./meter-arguments.ts')] as const;
      const [{ withInstallation }, { driftList }, { readWeek }] = await Promise.all(parts);
      const { week, ...others } = options;
      const wanted = { ...others, ...(week === undefined ? {} : { week: readWeek(week) }) };
      await withInstallation((deps) => driftList(deps, wanted));
    });
}
