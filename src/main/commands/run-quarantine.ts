import { userInfo } from 'node:os';
import { SingleBar } from 'cli-progress';
import { type Config, loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger, type Logger } from '../../core/logger.ts';
import { loadDecoders } from '../decoders.ts';
import { withDatabase } from '../open-database.ts';
import { quarantinedPayload, quarantineList, type QuarantineListOptions, quarantineShow } from './quarantine.ts';
import { quarantineReplay, type ReplayArguments } from './quarantine-replay.ts';

/** Opens the installation's database for a look at the quarantine. */
export function runQuarantineList(options: QuarantineListOptions): Promise<void> {
  return withDatabase(...settings(), (pool) => quarantineList(pool, options, print));
}

/** @throws AppError `input_invalid` when there is no message of this id. */
export function runQuarantineShow(id: number, isRaw: boolean): Promise<void> {
  return withDatabase(...settings(), async (pool) => {
    if (isRaw) process.stdout.write(await quarantinedPayload(pool, id));
    else await quarantineShow(pool, id, print);
  });
}

/** Opens the installation's database to take messages out of its quarantine. Returns the exit code. */
export function runQuarantineReplay(args: ReplayArguments): Promise<number> {
  const [config, log] = settings();
  const decoders = loadDecoders(config.decoderFile);
  return withDatabase(config, log, async (pool) => {
    const bar = new SingleBar({ format: '{bar} {value} of {total} messages', stream: process.stderr });
    const onProgress = (done: number, total: number) => {
      if (!bar.isActive) bar.start(Math.max(total, done), 0);
      bar.update(done);
    };
    const deps = {
      pool,
      clock: systemClock,
      decoders,
      keptDays: config.readingsKeptDays,
      actor: userInfo().username,
      onProgress,
    };
    const lines: string[] = [];
    try {
      return await quarantineReplay(args, { ...deps, print: (line) => lines.push(line) });
    } finally {
      bar.stop();
      lines.forEach(print);
    }
  });
}

function settings(): [Config, Logger] {
  return [loadConfig(process.env), createLogger('warn')];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
