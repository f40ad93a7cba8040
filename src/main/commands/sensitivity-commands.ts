import type { Command } from 'commander';
import { wholeNumber } from './whole-number.ts';

const LEARNING = `
A false alarm of people who were at home and well makes their home less sensitive, by one step of seven in a week at most;
a call for help makes it more so. Whatever was learned can be undone, and counts no longer from then on.`;

/** `stillwater sensitivity`. */
export function addSensitivityCommands(program: Command): void {
  const sensitivity = program
    .command('sensitivity')
    .description('what home checks have taught of homes')
    .addHelpText('after', LEARNING);
  sensitivity
    .command('list', { isDefault: true })
    .description('what was learned, the newest first')
    .argument('[household]', "the home's code; all homes when left out")
    .option('--limit <number>', 'list at most so many', wholeNumber, 100)
    .option('--json', 'print one JSON object')
    .action(async (code: string | undefined, options: { limit: number; json?: boolean }) => {
      const { withInstallation, sensitivityList, readHousehold } = await running();
      const household = code === undefined ? undefined : readHousehold(code);
      await withInstallation((deps) => sensitivityList(deps, { household, ...options }));
    });
  sensitivity
    .command('undo')
    .description('take back what an answer taught')
    .argument('<id>', 'its number in the list', wholeNumber)
    .requiredOption('--by <name>', 'who takes it back: it goes into the audit')
    .action(async (id: number, { by }: { by: string }) => {
      const { withInstallation, sensitivityUndo } = await running();
      await withInstallation((deps) => sensitivityUndo(deps, { id, by }));
    });
}

async function running() {
  const parts = [import('./run-command.ts'), import('./sensitivity.ts'), import('./meter-arguments.ts')] as const;
  const [run, commands, read] = await Promise.all(parts);
  return { ...run, ...commands, ...read };
}
