import { isDayOff } from '../day-type.ts';
import type { LocalCalendar } from '../local-calendar.ts';
import type { IntervalConsumption } from '../metering/interval-consumption.ts';
import { DAY_MS, HOUR_MS, QUARTER_HOUR_MS } from '../time.ts';
import type { DryRun } from './dry-run.ts';
import { habitDays } from './habit-day.ts';
import type { UseSpan } from './home-use.ts';
import { daysBetween, NO_DAYS, packDays, type PackedDays } from './packed-days.ts';
import { joinPacked } from './join-packed.ts';
import { NO_PAUSES, type PackedPauses, packPauses, pausesShown } from './packed-pauses.ts';
import type { DatedPause } from './pause.ts';

/**
 * How the people of a home use water: what their readings show up to a moment.
 *
 * A cache: it depends on nothing but those readings, and later ones can only add to it.
 */
export interface HomeHabit {
  /** The beginning of a local day; what readings up to then showed is in it. */
  readonly untilMs: number;
  /** The pauses that began and ended with a use, in the order of time. */
  readonly pauses: PackedPauses;
  /** In the order of time; days without readings are left out. */
  readonly days: PackedDays;
}

export const NO_HABIT: HomeHabit = { untilMs: -Infinity, pauses: NO_PAUSES, days: NO_DAYS };

/** What people did longer ago than this says little of what they do now: seasons and lives change. */
export const HABIT_DAYS = 240;

/** What readings show of a home's use, in time order. */
export interface ShownUse {
  readonly meters: readonly { readonly intervals: readonly IntervalConsumption[] }[];
  readonly use: readonly UseSpan[];
  readonly runs: readonly DryRun[];
}

/** A habit with what the readings show of the days after it that are over. */
export function extendHabit(habit: HomeHabit, { meters, use, runs }: ShownUse, calendar: LocalCalendar): HomeHabit {
  const newestMs = use.at(-1)?.toMs;
  if (newestMs === undefined || newestMs <= habit.untilMs) return habit;
  const untilMs = calendar.dayAt(newestMs).startMs;
  if (untilMs <= habit.untilMs) return habit;
  const pauses = runs
    .filter(({ shownMs }) => shownMs !== undefined && shownMs > habit.untilMs && shownMs <= untilMs)
    .flatMap((run) => pastPause(run, calendar));
  const days = habitDays(meters, use, calendar, { fromMs: habit.untilMs, untilMs });
  return {
    untilMs,
    pauses: joinPacked(habit.pauses, packPauses(pauses)),
    days: joinPacked(habit.days, packDays(days)),
  };
}

/** What of a habit was known when a local day began, as far back as so many days. */
export function habitBefore({ pauses, days }: HomeHabit, dayStartMs: number, backDays = HABIT_DAYS): HomeHabit {
  const fromMs = dayStartMs - backDays * DAY_MS;
  return {
    untilMs: dayStartMs,
    pauses: pausesShown(pauses, fromMs, dayStartMs),
    days: daysBetween(days, fromMs, dayStartMs),
  };
}

/** When a pause began, as other pauses are compared with it. */
export function pauseStart(
  { startMs, hoursOfUseBefore }: Pick<DryRun, 'startMs' | 'hoursOfUseBefore'>,
  calendar: LocalCalendar,
) {
  const beganMs = Math.floor(startMs / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  const day = calendar.dayAt(beganMs);
  return {
    startMs: beganMs,
    startHour: (beganMs - day.startMs) / HOUR_MS,
    isDayOff: isDayOff(day.date),
    hoursOfUseBefore,
  };
}

function pastPause(run: DryRun, calendar: LocalCalendar): DatedPause[] {
  if (!run.isAfterUse || run.shownMs === undefined) return [];
  const lastedMs = Math.floor((run.endMs - run.startMs) / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  const shownDayMs = calendar.dayAt(run.shownMs - 1).startMs;
  return [{ ...pauseStart(run, calendar), shownDayMs, lastedMs }];
}
