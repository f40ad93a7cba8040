import { recordAlertEvent } from '../db/alert-events.ts';
import { dueAlertIds } from '../db/alerts.ts';
import { bringBackLostSteps, countRepair, freeExpiredLeases, type RepairKind } from '../db/repairs.ts';
import { inTransaction } from '../db/sql.ts';
import { DAY_MS, MINUTE_MS } from '../domain/time.ts';
import type { AlertDeps } from './alert-deps.ts';
import { escalateDueAlerts } from './escalate-due-alerts.ts';

/** No policy puts a step off further: the water may be waited for two days, a step or a snooze is due sooner. */
const HORIZON_MS = 2 * DAY_MS + MINUTE_MS;
const PATIENCE_MS = MINUTE_MS;
const AT_ONCE = 500;

export type Repairs = Readonly<Record<Exclude<RepairKind, 'job_lost' | 'receipt_lost'>, number>>;

/**
 * Looks for what should never be so, puts it right and counts it: alerts whose next step would never come, steps that
 * nobody took though they are due, and texts whose sender is gone.
 */
export async function auditAlerts(deps: AlertDeps): Promise<Repairs> {
  const { pool, clock } = deps;
  const at = clock.now();
  const late = new Date(at.getTime() - PATIENCE_MS);
  const repairs: Repairs = {
    step_lost: await bringBack(deps, at),
    step_overdue: await takeOverdueSteps(deps, late),
    lease_expired: await freeExpiredLeases(pool, late, at),
  };
  for (const [kind, times] of Object.entries(repairs) as [keyof Repairs, number][]) {
    if (times === 0) continue;
    await countRepair(pool, kind, times, at);
    deps.log.error({ kind, times }, 'the auditor found what should never be so, and put it right');
  }
  return repairs;
}

function bringBack({ pool }: AlertDeps, at: Date): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const [horizon, mustHaveAskedBy] = [HORIZON_MS, -PATIENCE_MS].map((ms) => new Date(at.getTime() + ms)) as [
      Date,
      Date,
    ];
    const lost = await bringBackLostSteps(tx, { at, horizon, mustHaveAskedBy });
    for (const alertId of lost) await recordAlertEvent(tx, { alertId, at, type: 'step_brought_back' });
    return lost.length;
  });
}

/** Whoever should have taken them may be stuck, or gone: they are taken here. */
async function takeOverdueSteps(deps: AlertDeps, late: Date): Promise<number> {
  const overdue = await dueAlertIds(deps.pool, late, AT_ONCE);
  if (overdue.length > 0) await escalateDueAlerts(deps);
  return overdue.length;
}
