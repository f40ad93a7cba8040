import { userInfo } from 'node:os';
import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { withDatabase } from '../open-database.ts';
import { type ImportArguments, importCommand } from './import.ts';

/** Opens the installation's database for an import into it. Returns the exit code. */
export function runImport(args: ImportArguments): Promise<number> {
  const config = loadConfig(process.env);
  const log = createLogger(config.log.level === 'info' ? 'warn' : config.log.level);
  return withDatabase(config, log, (pool) =>
    importCommand(args, {
      pool,
      clock: systemClock,
      log,
      config,
      actor: userInfo().username,
      print: (line) => process.stdout.write(`${line}\n`),
      printError: (line) => process.stderr.write(`${line}\n`),
    }),
  );
}
