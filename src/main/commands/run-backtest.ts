import { SingleBar } from 'cli-progress';
import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { createLogger } from '../../core/logger.ts';
import { recordedHomes, storedHomes } from '../../detectors/backtest/backtest.ts';
import { readHomes } from '../../detectors/backtest/read-homes.ts';
import { withDatabase } from '../open-database.ts';
import { followPolicy, policyNow, readPolicyFile } from '../policies.ts';
import { type BacktestArguments, backtestCommand, type BacktestDeps } from './backtest.ts';
import { refuseOtherPictures } from './backtest-picture.ts';

export interface RunBacktestOptions extends BacktestArguments {
  readonly policy?: string;
  /** Given together: a recording to replay instead of what is stored. */
  readonly readings?: string;
  readonly households?: string;
  readonly zone: string;
}

/** Replays a recording, or the readings of the installation's database. Returns the exit code. */
export async function runBacktest(options: RunBacktestOptions): Promise<number> {
  const { policy, readings, households, zone, ...args } = options;
  const config = loadConfig(process.env);
  const policyFile = policy ?? config.policyFile;
  if (args.picture) refuseOtherPictures(args.picture);
  if (!readings && !households) {
    const log = createLogger('warn');
    return withDatabase(config, log, async (db) => {
      const { policies } = await (await followPolicy(db, policyFile, log))();
      const replayed = await storedHomes(db, policies, { at: systemClock.now(), days: args.days });
      return withProgress((deps) => backtestCommand({ ...deps, replayed, policies }, args));
    });
  }
  if (!readings || !households) {
    throw new AppError('input_invalid', '--readings and --households are given together');
  }
  const { policies } = policyNow(policyFile === undefined ? undefined : readPolicyFile(policyFile).file);
  const homes = await readHomes(readings, households, zone);
  const replayed = recordedHomes(homes, policies, { days: args.days, zone });
  return withProgress((deps) => backtestCommand({ ...deps, replayed, policies }, args));
}

/** Shows how far it has come, and prints what it has to say when it is done. */
async function withProgress(
  run: (deps: Pick<BacktestDeps, 'print' | 'onProgress'>) => Promise<number>,
): Promise<number> {
  const bar = new SingleBar({ format: '{bar} {value} of {total} homes', stream: process.stderr });
  const lines: string[] = [];
  const onProgress = (done: number, total: number) => {
    if (!bar.isActive) bar.start(total, 0);
    bar.update(done);
  };
  try {
    return await run({ print: (line) => void lines.push(line), onProgress });
  } finally {
    bar.stop();
    for (const line of lines) process.stdout.write(`${line}\n`);
  }
}
