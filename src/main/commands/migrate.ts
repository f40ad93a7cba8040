import { loadConfig } from '../../config/config.ts';
import { createLogger } from '../../core/logger.ts';
import { withDatabase } from '../open-database.ts';

/** `stillwater migrate`: brings the configured database, or the embedded one, up to date and says what was applied. */
export async function migrateDatabase(): Promise<void> {
  const config = loadConfig(process.env);
  await withDatabase(config, createLogger(config.log.level), (_pool, applied) => {
    process.stdout.write(applied.length === 0 ? 'the schema is up to date\n' : `applied:\n  ${applied.join('\n  ')}\n`);
    return Promise.resolve();
  });
}
