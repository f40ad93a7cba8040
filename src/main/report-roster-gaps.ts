import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Db } from '../db/sql.ts';
import { auditCoverage, describeGap } from '../roster/audit-coverage.ts';
import { auditRota, describeSlot } from '../roster/audit-rota.ts';

export interface ReportDeps {
  readonly pool: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeZone: string;
}

/** Says in the log, a week ahead, which homes would have nobody to ask and when a duty desk stands empty. */
export async function reportRosterGaps({ pool, clock, log, timeZone }: ReportDeps): Promise<void> {
  const at = clock.now();
  for (const gap of await auditCoverage(pool, at)) log.warn({ gap: gap.gap, homes: gap.homes }, describeGap(gap));
  for (const slot of await auditRota(pool, at, timeZone)) log.warn(slot, describeSlot(slot));
}
