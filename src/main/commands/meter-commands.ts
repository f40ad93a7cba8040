import type { Command } from 'commander';
import { wholeNumber } from './whole-number.ts';
import type { TraitOptions } from './meter-arguments.ts';

const TIMES = `
Times are written with their zone: 2026-03-01T10:00:00+08:00. Left out, they mean now. A reading taken at that very
moment belongs to what begins then. Homes concerned by a change in the past are judged again from that time on.`;

/** `stillwater meter` and what belongs to it. */
export function addMeterCommands(program: Command): void {
  const meter = program
    .command('meter')
    .description('which meters there are, and which home each of them measured when');
  addLooks(meter);
  addRegister(meter);
  addBind(meter);
  addUnbind(meter);
  addExchange(meter);
}

function addLooks(meter: Command): void {
  meter
    .command('list', { isDefault: true })
    .description('the meters, each with the home at which it is now')
    .option('--home <code>', 'only those at this home')
    .option('--unbound', 'only those at no home')
    .option('--limit <number>', 'list at most so many', wholeNumber, 100)
    .option('--json', 'print one JSON object')
    .action(async ({ home, unbound = false, ...options }: ListOptions) => {
      const { withInstallation, meterList } = {
        ...(await import('./run-command.ts')),
        ...(await import('./meter.ts')),
      };
      await withInstallation(({ pool, clock, print }) =>
        meterList(pool, { household: home, isUnbound: unbound, at: clock.now(), ...options }, print),
      );
    });
  meter
    .command('show')
    .description('where a meter was and is, its indices when it came and went, its flags, its newest reading')
    .argument('<serial>', 'the meter')
    .option('--json', 'print one JSON object')
    .action(async (serial: string, options: { json?: boolean }) => {
      const { withInstallation, meterShow } = {
        ...(await import('./run-command.ts')),
        ...(await import('./meter.ts')),
      };
      await withInstallation(({ pool, print }) => meterShow(pool, serial, options, print));
    });
}

interface ListOptions {
  readonly home?: string;
  readonly unbound?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

function addRegister(meter: Command): void {
  withTraits(meter.command('register'))
    .description('put a meter on the books, or correct what is known of it')
    .argument('<serial>', 'its name on the wire')
    .addHelpText(
      'after',
      '\nWhat it has sent before is taken out of quarantine by the running service within a minute.',
    )
    .action(async (serial: string, traits: TraitOptions) => {
      const { withInstallation, meterRegister, readSerial, readTraits } = await changing();
      const registered = { serial: readSerial(serial), ...readTraits(traits) };
      await withInstallation((deps) => meterRegister(deps, registered));
    });
}

function addBind(meter: Command): void {
  meter
    .command('bind')
    .description('put a meter at a home from a time on')
    .argument('<serial>', 'the meter')
    .argument('<household>', "the home's code")
    .option('--at <time>', 'when it comes')
    .option('--until <time>', 'when it leaves again, where that is known')
    .option('--first-index <litres>', 'what its dial shows when it comes')
    .option('--move', 'take it away from the home at which it is at that time')
    .addHelpText('after', TIMES)
    .action(async (serial: string, household: string, { at, until, firstIndex, move }: BindOptions) => {
      const { withInstallation, meterBind, readSerial, readHousehold, readTime, readLitres } = await changing();
      const bound = {
        serial: readSerial(serial),
        household: readHousehold(household),
        from: readTime(at),
        until: until === undefined ? undefined : readTime(until),
        firstIndexL: readLitres(firstIndex),
        moves: move,
      };
      await withInstallation((deps) => meterBind(deps, bound));
    });
}

interface BindOptions {
  readonly at?: string;
  readonly until?: string;
  readonly firstIndex?: string;
  readonly move?: boolean;
}

function addUnbind(meter: Command): void {
  meter
    .command('unbind')
    .description('take a meter away from the home at which it is')
    .argument('<serial>', 'the meter')
    .option('--at <time>', 'when it goes; when that is when it came, it never was there')
    .option('--final-index <litres>', 'what its dial shows when it goes')
    .addHelpText('after', TIMES)
    .action(async (serial: string, { at, finalIndex }: { at?: string; finalIndex?: string }) => {
      const { withInstallation, meterUnbind, readSerial, readTime, readLitres } = await changing();
      const unbound = { serial: readSerial(serial), at: readTime(at), finalIndexL: readLitres(finalIndex) };
      await withInstallation((deps) => meterUnbind(deps, unbound));
    });
}

function addExchange(meter: Command): void {
  withTraits(meter.command('exchange'))
    .description('put a meter in the place of another; a new one is registered')
    .argument('<old>', 'the meter that goes')
    .argument('<new>', 'the meter that comes')
    .option('--at <time>', 'when they are exchanged')
    .option('--final-index <litres>', 'what the old dial showed last')
    .option('--first-index <litres>', 'what the new dial showed first')
    .addHelpText('after', TIMES)
    .action(async (oldSerial: string, newSerial: string, options: ExchangeOptions) => {
      const { withInstallation, meterExchange, readSerial, readTime, readLitres, readTraits } = await changing();
      const exchange = {
        oldSerial: readSerial(oldSerial),
        newSerial: readSerial(newSerial),
        at: readTime(options.at),
        finalIndexL: readLitres(options.finalIndex),
        firstIndexL: readLitres(options.firstIndex),
        ...readTraits(options),
      };
      await withInstallation((deps) => meterExchange(deps, exchange));
    });
}

interface ExchangeOptions extends TraitOptions {
  readonly at?: string;
  readonly finalIndex?: string;
  readonly firstIndex?: string;
}

function withTraits(command: Command): Command {
  return command
    .option('--interval <seconds>', 'the time between two readings')
    .option('--capacity <litres>', 'where its dial starts again at zero');
}

/** What a change needs is loaded when there is one to make. */
async function changing() {
  const parts = [import('./run-command.ts'), import('./change-meter.ts'), import('./meter-arguments.ts')] as const;
  const [run, change, read] = await Promise.all(parts);
  return { ...run, ...change, ...read };
}
