import type { HeldAlerts } from '../../../db/alert-holds.ts';
import type { Outage } from '../../../db/outages.ts';
import { MINUTE_MS } from '../../../domain/time.ts';
import { type Check, fine, problem, warning } from './check.ts';

/** Homes are judged within seconds of a deadline, and within a minute when the queue was lost. */
const PATIENCE_MS = 2 * MINUTE_MS;

/** Whether areas are out, and whether every alert that waits for one is raised when its time is up. */
export function checkAreas(outages: readonly Outage[], held: readonly HeldAlerts[], at: Date): readonly Check[] {
  const standing = outages.filter(({ beganAt }) => beganAt <= at);
  const list = standing.map(({ kind, name, cause }) => `${`${kind} ${name}`.trim()} (${cause})`).join(', ');
  const waiting = held.reduce((sum, { count }) => sum + count, 0);
  const lateMs = Math.max(0, ...held.map(({ nextUntil }) => at.getTime() - nextUntil.getTime()));
  return [
    standing.length === 0
      ? fine('outages', 'none')
      : warning('outages', list, 'ask the utility; see stillwater outages'),
    lateMs > PATIENCE_MS
      ? problem(
          'alerts that wait',
          `${waiting}, the first is ${Math.floor(lateMs / MINUTE_MS)} min past its deadline`,
          'is a process with the role detect running? see its log',
        )
      : fine('alerts that wait', waiting === 0 ? 'none' : `${waiting}, each with a deadline`),
  ];
}
