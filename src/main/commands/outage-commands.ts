import type { Command } from 'commander';
import { AppError } from '../../core/errors.ts';
import type { AreaScope } from '../../domain/area/area-scope.ts';
import { wholeNumber } from './whole-number.ts';

const HOLDING = `
While an area is out, its alerts of too little water wait, for two hours at most; the policy file may say otherwise.
None is ever dropped: at its deadline it is raised, the highest tier first.`;

/** `stillwater outages` and `stillwater works`. */
export function addOutageCommands(program: Command): void {
  const outages = program
    .command('outages')
    .description('which areas are without water or not heard of, and which alerts wait')
    .addHelpText('after', HOLDING);
  outages
    .command('list', { isDefault: true })
    .description('the outages that stand, works to come, and what waits')
    .option('--all', 'also those that have ended, the newest hundred')
    .option('--json', 'print one JSON object')
    .action(async (options: { all?: boolean; json?: boolean }) => {
      const { withInstallation, outageList } = await running();
      await withInstallation((deps) => outageList(deps, options));
    });
  addEnd(outages, 'end an outage now: its alerts wait no longer');

  const works = program
    .command('works')
    .description('planned works of the utility, entered ahead')
    .addHelpText('after', HOLDING);
  addWorks(works);
  addEnd(works, 'end works before their time: their alerts wait no longer');
  works
    .command('list')
    .description('the works that stand or are to come, among the outages')
    .option('--json', 'print one JSON object')
    .action(async (options: { json?: boolean }) => {
      const { withInstallation, outageList } = await running();
      await withInstallation((deps) => outageList(deps, options));
    });
}

interface WorksOptions {
  readonly community?: string;
  readonly gateway?: string;
  readonly dma?: string;
  readonly from?: string;
  readonly until: string;
  readonly reason: string;
  readonly confirmedBy?: string;
}

function addWorks(works: Command): void {
  works
    .command('add')
    .description('enter works: one of --community, --gateway and --dma says where')
    .option('--community <code>', 'the homes of this community')
    .option('--gateway <name>', 'the homes whose meters hang on this gateway')
    .option('--dma <name>', 'the homes of this district metered area')
    .option('--from <time>', 'when they begin, with a zone: 2026-03-01T09:00:00+08:00; now when left out')
    .requiredOption('--until <time>', 'when they end, 7 days later at most')
    .requiredOption('--reason <text>', 'what is done, and who announced it')
    .option('--confirmed-by <name>', 'a second person, needed above 500 homes')
    .action(async (options: WorksOptions) => {
      const { withInstallation, worksAdd, readTime } = await running();
      const { reason: note, confirmedBy } = options;
      const times = { from: readTime(options.from), until: readTime(options.until) };
      const scope = scopeIn(options);
      await withInstallation((deps) => worksAdd(deps, { scope, ...times, note, confirmedBy }));
    });
}

/** @throws AppError `input_invalid` unless exactly one area is named. */
function scopeIn(options: WorksOptions): AreaScope {
  const named = (['community', 'gateway', 'dma'] as const).flatMap((kind): AreaScope[] => {
    const name = options[kind];
    return name === undefined ? [] : [{ kind, name }];
  });
  const [scope] = named;
  if (!scope || named.length > 1) {
    throw new AppError('input_invalid', 'say where: one of --community, --gateway and --dma');
  }
  return scope;
}

function addEnd(parent: Command, description: string): void {
  parent
    .command('end')
    .description(description)
    .argument('<id>', 'its number in the list', wholeNumber)
    .action(async (id: number) => {
      const { withInstallation, outageEnd } = await running();
      await withInstallation((deps) => outageEnd(deps, id));
    });
}

async function running() {
  const parts = [import('./run-command.ts'), import('./outages.ts'), import('./meter-arguments.ts')] as const;
  const [run, commands, read] = await Promise.all(parts);
  return { ...run, ...commands, ...read };
}
