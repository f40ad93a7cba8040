import { userInfo } from 'node:os';
import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { withDatabase } from '../open-database.ts';
import type { CommandDeps } from './command-deps.ts';

/** Opens the installation's database for a look at it or a change of it. */
export function withInstallation<T>(work: (deps: CommandDeps) => Promise<T>): Promise<T> {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  return withDatabase(loadConfig(process.env), createLogger('warn'), (pool) =>
    work({ pool, clock: systemClock, actor: userInfo().username, print }),
  );
}
