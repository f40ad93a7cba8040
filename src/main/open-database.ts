import type { Config } from '../config/config.ts';
import type { Logger } from '../core/logger.ts';
import type { Secret } from '../core/secret.ts';
import { migrate } from '../db/migrate.ts';
import { createPool } from '../db/pool.ts';
import type { DbPool } from '../db/sql.ts';
import { isDataDirInUse } from './embedded/instance-lock.ts';
import { runningEmbeddedPostgres } from './embedded/postgres.ts';
import { startInfrastructure } from './infrastructure.ts';

const POOL_SIZE = 2;

/**
 * Runs `work` on the installation's database: the configured one; the embedded one of a service that is running; or the
 * embedded one, started for as long as it takes. Pending migrations are applied first and handed to `work`.
 */
export async function withDatabase<T>(
  config: Config,
  log: Logger,
  work: (pool: DbPool, applied: readonly string[]) => Promise<T>,
): Promise<T> {
  const running = config.database.url ?? (isDataDirInUse(config.dataDir) && runningEmbeddedPostgres(config.dataDir));
  if (running) return withPool(running, config, log, work);

  const infrastructure = await startInfrastructure(config, log, { needsBroker: false });
  try {
    return await withPool(infrastructure.databaseUrl, config, log, work);
  } finally {
    await infrastructure.stop();
  }
}

async function withPool<T>(
  url: Secret,
  { timeZone }: Config,
  log: Logger,
  work: (pool: DbPool, applied: readonly string[]) => Promise<T>,
): Promise<T> {
  const pool = createPool(url, POOL_SIZE, log);
  try {
    return await work(pool, await migrate(pool, timeZone));
  } finally {
    await pool.end();
  }
}
