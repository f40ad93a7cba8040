import type { Command } from 'commander';

const LEAVE = `
Whoever is away is not asked; their substitute is, in every role, from the minute the leave begins, also about alerts that are
open then. Phones are written as in the roster. A day begins at its midnight in TIME_ZONE; a time needs its zone.`;

/** `stillwater leave` and `stillwater rota`. */
export function addDutyCommands(program: Command): void {
  const leave = program
    .command('leave')
    .description('when people who answer for homes are away, and who stands in')
    .addHelpText('after', LEAVE);
  leave
    .command('list', { isDefault: true })
    .alias('show')
    .description('who is on leave or is going to be')
    .option('--all', 'also leave that is over')
    .option('--json', 'print one JSON object')
    .action(async (options: { all?: boolean; json?: boolean }) => {
      const { withInstallation, leaveList } = await running();
      await withInstallation((deps) => leaveList(deps, options));
    });
  leave
    .command('set')
    .description('somebody is away until a time, in place of what was known of that time')
    .argument('<phone>', 'of whoever is away, as the roster has it')
    .requiredOption('--until <time>', 'from when on they are there again: 2026-05-06, or 2026-05-06T12:00:00+08:00')
    .option('--from <time>', 'when they leave; now when left out')
    .option('--substitute <phone>', 'of whoever stands in; they are passed over when left out')
    .action(async (phone: string, { from, until, substitute }: SetOptions) => {
      const { withInstallation, leaveSet, readDuty } = await running();
      const read = readDuty();
      const set = {
        phone: read.phone(phone),
        from: read.moment(from),
        until: read.moment(until),
        substitute: substitute === undefined ? undefined : read.phone(substitute),
      };
      await withInstallation((deps) => leaveSet(deps, set));
    });
  leave
    .command('end')
    .description('they are back; leave that was to come is taken back as well')
    .argument('<phone>', 'of whoever is back')
    .action(async (phone: string) => {
      const { withInstallation, leaveEnd, readDuty } = await running();
      const whose = readDuty().phone(phone);
      await withInstallation((deps) => leaveEnd(deps, whose));
    });

  program
    .command('rota')
    .description('who is on duty at which desk')
    .command('list', { isDefault: true })
    .alias('show')
    .description('the shifts, and the slots of the coming week that nobody fills')
    .argument('[community]', 'only of this community, town or city')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nShifts are written in rota.csv: stillwater import --rota FILE.')
    .action(async (community: string | undefined, { json }: { json?: boolean }) => {
      const { withInstallation, rotaList, readDuty } = await running();
      const { timeZone, community: code } = readDuty();
      const question = { community: community === undefined ? undefined : code(community), json };
      await withInstallation((deps) => rotaList({ ...deps, timeZone }, question));
    });
}

interface SetOptions {
  readonly from?: string;
  readonly until: string;
  readonly substitute?: string;
}

async function running() {
  const parts = [
    import('./run-command.ts'),
    import('./leave.ts'),
    import('./rota.ts'),
    import('./read-duty.ts'),
  ] as const;
  const [run, leave, rota, read] = await Promise.all(parts);
  return { ...run, ...leave, ...rota, ...read };
}
