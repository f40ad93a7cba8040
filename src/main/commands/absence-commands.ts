import type { Command } from 'commander';
import { AppError } from '../../core/errors.ts';
import { ROLES } from '../../domain/alerting/escalation-policy.ts';
import type { AbsenceToSet } from './absence.ts';

/** `stillwater absence` and what belongs to it. */
export function addAbsenceCommands(program: Command): void {
  const absence = program
    .command('absence')
    .description('homes known to be empty from and until a time')
    .addHelpText('after', '\nAn absence always ends: at its time, or sooner when water runs or somebody says so.');
  absence
    .command('list', { isDefault: true })
    .description('who is away, or is going to be')
    .option('--all', 'also absences that are over')
    .option('--json', 'print one JSON object')
    .action(async (options: { all?: boolean; json?: boolean }) => {
      const { withInstallation, absenceList } = await running();
      await withInstallation((deps) => absenceList(deps, options));
    });
  absence
    .command('set')
    .description('a home is empty from and until a time')
    .argument('<household>', "the home's code")
    .requiredOption('--until <time>', 'when they are back, with a zone: 2026-03-01T18:00:00+08:00')
    .option('--from <time>', 'when they leave; now when left out')
    .option('--said-by <role>', 'whose word it is: guardian, guardian:2, contact; yours when left out')
    .action(async (code: string, { from, until, saidBy }: { from?: string; until: string; saidBy?: string }) => {
      const { withInstallation, absenceSet, readTime, readHousehold } = await running();
      const times = { from: readTime(from), until: readTime(until) };
      const set = { household: readHousehold(code), ...times, saidBy: whoSaid(saidBy) };
      await withInstallation((deps) => absenceSet(deps, set));
    });
  absence
    .command('end')
    .description('they are back')
    .argument('<household>', "the home's code")
    .action(async (code: string) => {
      const { withInstallation, absenceEnd, readHousehold } = await running();
      await withInstallation((deps) => absenceEnd(deps, readHousehold(code)));
    });
}

/** `guardian:2` is the second guardian, `guardian` the first. */
function whoSaid(text: string | undefined): AbsenceToSet['saidBy'] {
  if (text === undefined) return undefined;
  const [name, position = '1'] = text.split(':');
  const role = ROLES.find((each) => each === name);
  if (!role || !/^[1-9]\d?$/.test(position)) {
    throw new AppError('input_invalid', `"${text}" is nobody: say guardian, guardian:2, contact, supervisor or desk`);
  }
  return { role, position: Number(position) };
}

async function running() {
  const parts = [import('./run-command.ts'), import('./absence.ts'), import('./meter-arguments.ts')] as const;
  const [run, commands, read] = await Promise.all(parts);
  return { ...run, ...commands, ...read };
}
