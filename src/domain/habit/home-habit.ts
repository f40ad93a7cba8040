import { firstWhere } from '../bisect.ts';
import { isDayOff } from '../day-type.ts';
import type { LocalCalendar } from '../local-calendar.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time.ts';
import type { DryRun } from './dry-run.ts';
import type { PastPause } from './pause-limit.ts';

/** A pause that has ended, with its time. */
export interface DatedPause extends PastPause {
  readonly startMs: number;
  readonly endMs: number;
}

/** How the people of a home use water: what their readings showed before a moment. A cache: readings give it again. */
export interface HomeHabit {
  /** All that was over by this moment is in it. */
  readonly untilMs: number;
  /** The pauses that use ended, in the order of time. */
  readonly pauses: readonly DatedPause[];
}

export const NO_HABIT: HomeHabit = { untilMs: -Infinity, pauses: [] };

/** What people did longer ago than this says little of what they do now: seasons and lives change. */
export const HABIT_DAYS = 240;
/** Pauses are kept to the quarter of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;

/** The pause that a dry run is, or is growing into. */
export function pauseOf({ startMs, endMs, hoursOfUseBefore }: DryRun, calendar: LocalCalendar): DatedPause {
  const start = quarter(startMs);
  const day = calendar.dayAt(start);
  return {
    startMs: start,
    endMs: quarter(endMs),
    lastedMs: quarter(endMs - startMs),
    startHour: (start - day.startMs) / HOUR_MS,
    isDayOff: isDayOff(day.date),
    hoursOfUseBefore,
  };
}

/** A habit with what later runs add to it, up to `untilMs`. Runs that it knows already are left out. */
export function extendHabit(
  habit: HomeHabit,
  runs: readonly DryRun[],
  calendar: LocalCalendar,
  untilMs: number,
): HomeHabit {
  if (untilMs <= habit.untilMs) return habit;
  const added = runs.filter(
    ({ isAfterUse, endsWithUse, endMs }) => isAfterUse && endsWithUse && endMs > habit.untilMs && endMs <= untilMs,
  );
  return { untilMs, pauses: [...habit.pauses, ...added.map((run) => pauseOf(run, calendar))] };
}

/** What of a habit counts at a moment: what was over when its local day began, and is not too long ago. */
export function pausesBefore({ pauses }: HomeHabit, atMs: number, calendar: LocalCalendar): readonly DatedPause[] {
  const { startMs } = calendar.dayAt(atMs);
  const from = firstWhere(pauses, ({ endMs }) => endMs > startMs - HABIT_DAYS * DAY_MS);
  const until = firstWhere(pauses, ({ endMs }) => endMs > startMs);
  return pauses.slice(from, until);
}

function quarter(ms: number): number {
  return Math.floor(ms / QUARTER_MS) * QUARTER_MS;
}
