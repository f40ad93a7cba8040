import { type Config, loadConfig } from '../../config/config.ts';
import { createLogger, type Logger } from '../../core/logger.ts';
import { withDatabase } from '../open-database.ts';
import { quarantineList, quarantineShow } from './quarantine.ts';

/** Opens the installation's database for a look at the quarantine. */
export function runQuarantineList(out: (line: string) => void): Promise<void> {
  return withDatabase(...settings(), (pool) => quarantineList(pool, out));
}

/** @throws AppError `input_invalid` when there is no message of this id. */
export function runQuarantineShow(id: number, out: (line: string) => void): Promise<void> {
  return withDatabase(...settings(), (pool) => quarantineShow(pool, id, out));
}

function settings(): [Config, Logger] {
  return [loadConfig(process.env), createLogger('warn')];
}
