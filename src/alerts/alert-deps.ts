import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { DbPool } from '../db/sql.ts';

/** What every verb on alerts needs. */
export interface AlertDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
}
