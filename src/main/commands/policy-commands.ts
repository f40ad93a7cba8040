import type { Command } from 'commander';
import { wholeNumber } from './whole-number.ts';

/** `stillwater policy`. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('the rules that homes are watched by');
  policy
    .command('check')
    .description('read a policy file and print its rules in words')
    .argument('<file>', 'a policy file')
    .action(async (file: string) => {
      const { runPolicyCheck } = await import('./run-policy.ts');
      await runPolicyCheck(file);
    });
  policy
    .command('enable')
    .description('show what a policy would have cost on the stored readings, and put it in force')
    .argument('<file>', 'a policy file')
    .requiredOption('--by <name>', 'who enables it')
    .option('--reason <text>', 'why; needed above the budget')
    .option('--days <number>', 'replay so many days up to now', wholeNumber, 90)
    .option('--budget <number>', 'alarms per 100 homes a month that can be borne', wholeNumber, 100)
    .action(async (file: string, options: { by: string; reason?: string; days: number; budget: number }) => {
      const { runPolicyEnable } = await import('./run-policy.ts');
      process.exitCode = await runPolicyEnable(file, options);
    });
  policy
    .command('show')
    .description('which policy is in force, who enabled it and why')
    .action(async () => {
      const { runPolicyShow } = await import('./run-policy.ts');
      await runPolicyShow();
    });
}
