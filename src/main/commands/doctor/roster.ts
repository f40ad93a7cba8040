import type { Config } from '../../../config/config.ts';
import type { Backlog } from '../../../db/installation.ts';
import { type CoverageGap, describeGap } from '../../../roster/audit-coverage.ts';
import { describeSlot, type EmptySlot } from '../../../roster/audit-rota.ts';
import { type Check, fine, problem, warning } from './check.ts';

const ROSTER = 'roster';
/** More homes than anybody watches for a trial. */
const REAL_TOWN = 100;

/** Whether every home has a meter and people who would be told. */
export function checkRoster({ watchedHomes }: Backlog, gaps: readonly CoverageGap[]): readonly Check[] {
  if (watchedHomes === 0) return [warning(ROSTER, 'no household is under watch', 'run stillwater import')];
  if (gaps.length === 0) return [fine(ROSTER, `${watchedHomes} household(s), each with a meter, people and a desk`)];
  return gaps.map((gap) => {
    const advice = ADVICE[gap.gap];
    return gap.gap === 'no_desk'
      ? problem(ROSTER, describeGap(gap), advice)
      : warning(ROSTER, describeGap(gap), advice);
  });
}

const COMPLETE = 'complete households.csv and pairings.csv';
const ADVICE: Readonly<Record<CoverageGap['gap'], string>> = {
  no_meter: COMPLETE,
  no_guardian: COMPLETE,
  no_contact: COMPLETE,
  no_desk: 'name a desk in staff.csv: without one an alert can end in silence',
  all_away: 'name a substitute: stillwater leave list, then leave set',
  hours: 'name somebody in pairings.csv who can be asked at any hour',
};

/** Whether somebody is on duty all through the coming week, at the desks that have a rota. */
export function checkRota(slots: readonly EmptySlot[]): readonly Check[] {
  return slots.map((slot) => warning('duty rota', describeSlot(slot), 'complete rota.csv'));
}

/** Whether texts reach phones, given how many homes rely on them. */
export function checkSmsDriver(sms: Config['sms'], { watchedHomes }: Backlog): Check {
  const name = 'texts';
  const drivers = sms.map(({ driver }) => driver);
  if (!drivers.includes('log')) return fine(name, `sent by ${drivers.join(', then ')}`);
  if (watchedHomes < REAL_TOWN) return fine(name, 'written to the log: no phone is reached');
  const found = `${watchedHomes} households are under watch, and texts are only written to the log`;
  return warning(name, found, 'set SMS_DRIVER');
}
