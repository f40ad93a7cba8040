import type { Logger } from '../../core/logger.ts';
import { groupByHome } from '../../db/group-by-home.ts';
import {
  type FloorRow,
  forgetFloors,
  forgetOtherDays,
  type HomeDayRow,
  storeFloors,
  storeHomeDays,
} from '../../db/roll-up-days.ts';
import type { HomeToRollUp } from '../../db/roll-up-notes.ts';
import { readingsToRollUp } from '../../db/roll-up-readings.ts';
import type { Tx } from '../../db/sql.ts';
import type { LocalCalendar } from '../../domain/local-calendar.ts';
import { addUpHome, type HomeFrom } from './add-up-home.ts';

export interface RollUpRun {
  readonly tx: Tx;
  readonly log: Logger;
  readonly calendarOf: (timeZone: string) => LocalCalendar;
  /** Days before the one of this moment stand as they are. */
  readonly settledBefore: Date;
}

/** Adds up the days of these homes from the readings, and puts them in place of what was known from there on. */
export async function rollUpHomes(run: RollUpRun, homes: readonly HomeToRollUp[]): Promise<void> {
  const { tx } = run;
  const wanted = homes.flatMap((home) => firstDayOf(run, home));
  const meters = groupByHome(await readingsToRollUp(tx, wanted));
  const days: HomeDayRow[] = [];
  const floors: FloorRow[] = [];
  for (const home of wanted) {
    const sums = addUpHome(home, meters.get(home.householdId) ?? []);
    days.push(...sums.days);
    floors.push(...sums.floors);
  }
  const settledBefore = run.settledBefore.toISOString().slice(0, 10);
  await forgetOtherDays(tx, wanted, days, settledBefore);
  await forgetFloors(tx, wanted);
  if (days.length > 0) await storeHomeDays(tx, days, settledBefore);
  if (floors.length > 0) await storeFloors(tx, floors);
}

/** A zone that this Node.js does not know must not hold back the other homes: theirs are left as they are. */
function firstDayOf({ calendarOf, log }: RollUpRun, { householdId, timeZone, changedFrom }: HomeToRollUp): HomeFrom[] {
  try {
    const calendar = calendarOf(timeZone);
    const { date, startMs } = calendar.dayAt(changedFrom.getTime());
    return [{ householdId, calendar, firstDate: date, since: new Date(startMs) }];
  } catch (error) {
    log.error({ err: error, householdId, timeZone }, 'the days of a home cannot be added up: its time zone is unknown');
    return [];
  }
}
