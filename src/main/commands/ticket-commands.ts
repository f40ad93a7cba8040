import { type Command, Option } from 'commander';
import { TICKET_KINDS, type TicketKind } from '../../domain/metering/ticket.ts';
import { wholeNumber } from './whole-number.ts';

const CLOSING = `
Tickets are for whoever looks after meters and pipes; nobody is texted for a single one. Most close by themselves: a leak with the
first dry hour, a silent meter when it is heard of. One that a person closed opens anew only where the fault began again
since, or is still there after 14 days.`;

/** `stillwater tickets`. */
export function addTicketCommands(program: Command): void {
  const tickets = program
    .command('tickets')
    .description('what is wrong with meters and pipes: leaks, silent meters, registers, clocks')
    .addHelpText('after', CLOSING);
  tickets
    .command('list', { isDefault: true })
    .description('the open tickets, the oldest first')
    .addOption(new Option('--kind <kind>', 'of one kind alone').choices(TICKET_KINDS))
    .option('--home <code>', 'of one home alone')
    .option('--all', 'closed ones too')
    .option('--limit <number>', 'list at most so many', wholeNumber, 100)
    .option('--json', 'print one JSON object')
    .action(async (options: { kind?: TicketKind; home?: string; all?: boolean; limit: number; json?: boolean }) => {
      const { withInstallation, ticketList, readHousehold } = await running();
      const home = options.home === undefined ? undefined : readHousehold(options.home);
      await withInstallation((deps) => ticketList(deps, { ...options, home }));
    });
  tickets
    .command('show')
    .description('one ticket with its reason, in English and Chinese')
    .argument('<id>', 'its number in the list', wholeNumber)
    .option('--json', 'print one JSON object')
    .action(async (id: number, options: { json?: boolean }) => {
      const { withInstallation, ticketShow } = await running();
      await withInstallation((deps) => ticketShow(deps, { id, ...options }));
    });
  tickets
    .command('close')
    .description('it is mended, or needs no mending')
    .argument('<id>', 'its number in the list', wholeNumber)
    .requiredOption('--by <name>', 'who closes it: it goes into the audit')
    .option('--note <text>', 'what was done', '')
    .action(async (id: number, options: { by: string; note: string }) => {
      const { withInstallation, ticketClose } = await running();
      await withInstallation((deps) => ticketClose(deps, { id, ...options }));
    });
}

async function running() {
  const parts = [import('./run-command.ts'), import('./tickets.ts'), import('./meter-arguments.ts')] as const;
  const [run, commands, read] = await Promise.all(parts);
  return { ...run, ...commands, ...read };
}
