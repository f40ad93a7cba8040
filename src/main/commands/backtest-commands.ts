import type { Command } from 'commander';
import type { RunBacktestOptions } from './run-backtest.ts';
import { wholeNumber } from './whole-number.ts';

const CAUSAL = `
Every rule sees only what had been read by then. Absences and home checks of that time are kept as they were. The exit code
is 1 where the policy alarms more often than the budget allows.`;

/** `stillwater backtest`. */
export function addBacktestCommand(program: Command): void {
  program
    .command('backtest')
    .description('replay readings under a policy: alarms per 100 homes a month, and hours to detect')
    .option('--policy <file>', 'a policy file; the one in force when left out')
    .option('--days <number>', 'replay so many days up to now', wholeNumber, 90)
    .option('--budget <number>', 'alarms per 100 homes a month that can be borne', wholeNumber, 100)
    .option(
      '--readings <file>',
      'replay these instead of the stored ones: meter,local_time,register_l; .csv or .csv.gz',
    )
    .option('--households <file>', 'their homes, by the columns meter and, if there is one, tier')
    .option('--zone <zone>', 'of local_time', 'Asia/Shanghai')
    .option('--picture <file>', 'draw alarms against hours to detect beside the fixed rules of others: .html or .svg')
    .option('--json', 'print one JSON object')
    .addHelpText('after', CAUSAL)
    .action(async (options: RunBacktestOptions) => {
      const { runBacktest } = await import('./run-backtest.ts');
      process.exitCode = await runBacktest(options);
    });
}
