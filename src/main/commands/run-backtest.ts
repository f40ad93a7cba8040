import { SingleBar } from 'cli-progress';
import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { withDatabase } from '../open-database.ts';
import { followPolicy } from '../policies.ts';
import { type BacktestArguments, backtestCommand } from './backtest.ts';

/** Opens the installation's database for a replay of its readings. Returns the exit code. */
export function runBacktest({ policy, ...args }: BacktestArguments & { readonly policy?: string }): Promise<number> {
  const config = loadConfig(process.env);
  const bar = new SingleBar({ format: '{bar} {value} of {total} homes', stream: process.stderr });
  const log = createLogger('warn');
  return withDatabase(config, log, async (db) => {
    const { policies } = await (await followPolicy(db, policy ?? config.policyFile, log))();
    const lines: string[] = [];
    const onProgress = (done: number, total: number) => {
      if (!bar.isActive) bar.start(total, 0);
      bar.update(done);
    };
    try {
      const print = (line: string) => void lines.push(line);
      return await backtestCommand({ db, clock: systemClock, policies, print, onProgress }, args);
    } finally {
      bar.stop();
      for (const line of lines) process.stdout.write(`${line}\n`);
    }
  });
}
