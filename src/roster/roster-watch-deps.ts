import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { DbPool } from '../db/sql.ts';

export interface RosterWatchDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
  /** IANA zone of the people who see to the roster, and of communities that have no homes of their own. */
  readonly timeZone: string;
}
