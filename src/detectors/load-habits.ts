import { type KeptHabit, readHabits } from '../db/home-habits.ts';
import { readMeterSeries } from '../db/home-series.ts';
import type { Db } from '../db/sql.ts';
import { BASE_FLOW_LOOKBACK_MS } from '../domain/habit/base-flow.ts';
import { USE_BEFORE_MS } from '../domain/habit/dry-run.ts';
import { HABIT_DAYS, habitBefore, type HomeHabit } from '../domain/habit/home-habit.ts';
import type { LocalCalendar } from '../domain/local-calendar.ts';
import { DAY_MS } from '../domain/time.ts';
import { groupByHome } from './group-by-home.ts';
import { homeSeries } from './home-series.ts';
import { meterSeries } from './meter-series.ts';

/** A home whose habit is wanted as it was when a local day began. */
export interface HabitWanted {
  readonly householdId: number;
  readonly calendar: LocalCalendar;
  /** The beginning of the day; readings from then on may have changed. */
  readonly untilMs: number;
  /** The first moment that is to be judged, by what was known of the home then. */
  readonly judgedFromMs: number;
}

/** The habit of a home, and up to when it is kept, if it is. */
export interface LoadedHabit {
  readonly habit: HomeHabit;
  readonly keptUntilMs: number | undefined;
}

/** Pauses are kept for so much longer than they count that late readings seldom have them all worked out anew. */
const MARGIN_DAYS = 40;
/** Before its first whole day, readings are needed to tell a base flow and the hours of use. */
const RUN_UP_MS = BASE_FLOW_LOOKBACK_MS + USE_BEFORE_MS;
/** Building a habit takes the readings of many months: these are not held for many homes at once. */
const REBUILT_AT_ONCE = 20;

/**
 * The habits of homes, none of them beyond its day: what is kept, cut back where late readings reach into it, and built
 * from the readings where nothing is kept or too little.
 */
export async function loadHabits(
  db: Db,
  wanted: readonly HabitWanted[],
  now: Date,
): Promise<ReadonlyMap<number, LoadedHabit>> {
  const ids = wanted.map(({ householdId }) => householdId);
  const kept = new Map((await readHabits(db, ids)).map(({ householdId, habit }) => [householdId, habit]));
  const loaded = new Map<number, LoadedHabit>();
  const missing: HabitWanted[] = [];
  for (const home of wanted) {
    const habit = kept.get(home.householdId);
    const neededMs = Math.min(home.untilMs, home.judgedFromMs);
    if (!habit || neededMs < habit.untilMs - MARGIN_DAYS * DAY_MS) missing.push(home);
    else if (home.untilMs >= habit.untilMs) loaded.set(home.householdId, { habit, keptUntilMs: habit.untilMs });
    else loaded.set(home.householdId, { habit: habitBefore(habit, home.untilMs, Infinity), keptUntilMs: undefined });
  }
  for (let start = 0; start < missing.length; start += REBUILT_AT_ONCE) {
    const built = await buildHabits(db, missing.slice(start, start + REBUILT_AT_ONCE), now);
    for (const { householdId, habit } of built) loaded.set(householdId, { habit, keptUntilMs: undefined });
  }
  return loaded;
}

/** A habit as it is kept: no longer than it can ever be asked for. */
export function habitToKeep(habit: HomeHabit): HomeHabit {
  return habitBefore(habit, habit.untilMs, HABIT_DAYS + MARGIN_DAYS);
}

async function buildHabits(db: Db, wanted: readonly HabitWanted[], now: Date): Promise<KeptHabit[]> {
  const requests = wanted.map(({ householdId, untilMs, judgedFromMs }) => ({
    householdId,
    since: new Date(Math.min(judgedFromMs, untilMs - MARGIN_DAYS * DAY_MS) - HABIT_DAYS * DAY_MS - RUN_UP_MS),
  }));
  const meters = groupByHome(await readMeterSeries(db, requests, now));
  return wanted.map(({ householdId, calendar, untilMs }) => {
    const series = homeSeries({ meters: (meters.get(householdId) ?? []).map(meterSeries), excuses: [], calendar });
    return { householdId, habit: habitBefore(series.habit, Math.min(untilMs, series.habit.untilMs), Infinity) };
  });
}
