#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { systemClock } from '../core/clock.ts';
import { armCrashPoint } from '../core/crash-point.ts';
import { AppError, messageOf } from '../core/errors.ts';
import { createLogger } from '../core/logger.ts';
import { ROSTER_KINDS, type RosterKind } from '../roster/roster-files.ts';
import { addAbsenceCommands } from './commands/absence-commands.ts';
import { addBacktestCommand } from './commands/backtest-commands.ts';
import { addPolicyCommands } from './commands/policy-commands.ts';
import { addIngestCommand } from './commands/ingest-commands.ts';
import { addMeterCommands } from './commands/meter-commands.ts';
import { addDecodeCommand } from './commands/decode-commands.ts';
import { addOutageCommands } from './commands/outage-commands.ts';
import { addSensitivityCommands } from './commands/sensitivity-commands.ts';
import { addTicketCommands } from './commands/ticket-commands.ts';
import { addDriftCommand } from './commands/drift-commands.ts';
import { addTextCommands } from './commands/text-commands.ts';
import { addQuarantineCommands } from './commands/quarantine-commands.ts';
import { addDutyCommands } from './commands/duty-commands.ts';
import { addUnwatchedCommands } from './commands/unwatched-commands.ts';
import { wholeNumber } from './commands/whole-number.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import { packageRoot } from '../core/package-root.ts';
import { parseRoles, ROLES } from './roles.ts';

const EXIT_CODES = `
Exit codes: 0 done; 1 failed, or a problem was found; 2 wrong arguments, configuration or input; 3 the data directory
is in use by another process.

Settings come from the environment; docs/operations.md lists them.`;

function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string };
  const program = new Command('stillwater')
    .description('Watches over people who live alone through the water meter they already have.')
    .version(version)
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ sortSubcommands: false })
    .exitOverride();

  program
    .command('demo')
    .description('load a simulated town, play a day of it and show every text and alert')
    .option('--once', 'play the day without anybody watching, check what came of it and end')
    .option('--seed <number>', 'another town', wholeNumber, 1)
    .action(async (options: { once?: boolean; seed: number }) => {
      const { demo } = await import('./commands/demo.ts');
      process.exitCode = await demo({ once: options.once ?? false, seed: options.seed });
    });

  program
    .command('serve')
    .description('run the service: take readings, judge homes, send texts, show pages')
    .option('--role <roles>', `only these parts, comma-separated: ${ROLES.join(', ')}`, parseRoles, [...ROLES])
    .action(async ({ role }: { role: ReturnType<typeof parseRoles> }) => {
      const { serve } = await import('./commands/serve.ts');
      process.exitCode = await serve(role);
    });

  program
    .command('migrate')
    .description('bring the database schema up to date (serve does it too, on the embedded database)')
    .action(async () => {
      const { migrateDatabase } = await import('./commands/migrate.ts');
      await migrateDatabase();
    });

  program
    .command('simulate')
    .description('play a town through the real detectors, escalation and outbox as fast as it goes, and count')
    .option('--homes <number>', 'how many homes', wholeNumber, 500)
    .option('--days <number>', 'how many days', wholeNumber, 30)
    .option('--step <minutes>', 'simulated minutes between two looks of the service', wholeNumber, 30)
    .option('--seed <number>', 'another town', wholeNumber, 1)
    .addOption(
      new Option('--real <file>', 'a file of real readings (unix_ts,register_litres) to replay as one more home'),
    )
    .option('--json', 'print the result as one JSON object')
    .action(async (options: SimulateArguments) => {
      const { simulate } = await import('./commands/simulate.ts');
      await simulate(options);
    });

  program
    .command('revoke')
    .description('a phone was lost, or a text passed on: close every link and code its owner was texted')
    .argument('<phone>', 'the phone, as the roster has it')
    .action(async (phone: string) => {
      const { revoke } = await import('./commands/revoke.ts');
      await revoke(phone);
    });

  addRosterCommands(program);
  return program;
}

/** The commands of whoever keeps the roster and the installation in order. */
function addRosterCommands(program: Command): void {
  const importing = program
    .command('import')
    .description('bring the roster in line with CSV files, in one transaction')
    .argument('[dir]', 'folder with communities.csv, households.csv, people.csv, pairings.csv, staff.csv')
    .option('--dry-run', 'say what would change and write nothing');
  for (const kind of ROSTER_KINDS) importing.option(`--${kind} <file>`, `the file of ${kind}`);
  importing.action(
    async (
      dir: string | undefined,
      { dryRun, ...files }: { dryRun?: boolean } & Partial<Record<RosterKind, string>>,
    ) => {
      const { runImport } = await import('./commands/run-import.ts');
      process.exitCode = await runImport({ dir, files, dryRun });
    },
  );

  addIngestCommand(program);
  addMeterCommands(program);
  addQuarantineCommands(program);
  addDecodeCommand(program);
  addOutageCommands(program);
  addBacktestCommand(program);
  addPolicyCommands(program);
  addAbsenceCommands(program);
  addDutyCommands(program);
  addUnwatchedCommands(program);
  addSensitivityCommands(program);
  addTicketCommands(program);
  addDriftCommand(program);
  addTextCommands(program);

  program
    .command('doctor')
    .description('say what is wrong with this installation and what to do about it')
    .option('--plain', 'without signs that not every terminal can show')
    .action(async ({ plain }: { plain?: boolean }) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      const log = createLogger('silent');
      process.exitCode = await doctorCommand({
        env: process.env,
        plain: plain ?? false,
        print,
        clock: systemClock,
        log,
      });
    });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface SimulateArguments {
  homes: number;
  days: number;
  step: number;
  seed: number;
  real?: string;
  json?: boolean;
}

/** `CRASH_AT=name:n` kills the process at the n-th pass of a crash point: for tests of what survives. */
function armCrashPointFrom(setting: string | undefined): void {
  const [name, pass] = setting?.split(':') ?? [];
  if (name) armCrashPoint(name, Number(pass ?? 1));
}

/** Runs the program and turns whatever ends it into one clear line and an exit code. */
async function main(): Promise<void> {
  try {
    armCrashPointFrom(process.env['CRASH_AT']);
    await createProgram().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput;
      return;
    }
    const isForeseen = error instanceof AppError;
    process.stderr.write(`stillwater: ${isForeseen ? error.message : stackOf(error)}\n`);
    process.exitCode = exitCodeFor(error);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack ? error.stack : messageOf(error);
}

await main();
