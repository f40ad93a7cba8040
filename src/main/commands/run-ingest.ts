import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { createMeterDirectory } from '../../ingest/meter-directory.ts';
import { withDatabase } from '../open-database.ts';
import { untilAskedToStop } from '../until-asked-to-stop.ts';
import { type IngestArguments, ingestCommand } from './ingest.ts';
import { progressBar, progressLines } from './show-progress.ts';

/** Opens the installation's database and takes files of readings into it. Returns the exit code. */
export function runIngest(args: IngestArguments): Promise<number> {
  const config = loadConfig(process.env);
  const log = createLogger(config.log.level === 'info' ? 'warn' : config.log.level);
  const stopping = new AbortController();
  void untilAskedToStop().then(() => {
    stopping.abort();
  });
  const printError = (line: string) => process.stderr.write(`${line}\n`);
  return withDatabase(config, log, (pool) =>
    ingestCommand(args, {
      pool,
      clock: systemClock,
      log,
      meters: createMeterDirectory(pool),
      keptDays: config.readingsKeptDays,
      print: (line) => process.stdout.write(`${line}\n`),
      printError,
      progressOf: (path, bytes) =>
        process.stderr.isTTY ? progressBar(systemClock, bytes) : progressLines(systemClock, path, printError),
      stdin: process.stdin,
      stop: stopping.signal,
    }),
  );
}
