import type { Clock } from '../../core/clock.ts';
import type { DbPool } from '../../db/sql.ts';

/** What a command needs that looks at an installation or changes it. */
export interface CommandDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  /** Who gives the command. */
  readonly actor: string;
  readonly print: (line: string) => void;
}
