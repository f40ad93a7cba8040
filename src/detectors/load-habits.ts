import { type KeptHabit, readHabits, type WrittenHabit } from '../db/home-habits.ts';
import { type MeterReadings, readMeterSeries } from '../db/home-series.ts';
import type { Db } from '../db/sql.ts';
import { BASE_FLOW_LOOKBACK_MS } from '../domain/habit/base-flow.ts';
import { USE_BEFORE_MS } from '../domain/habit/dry-run.ts';
import { HABIT_DAYS, habitBefore, type HomeHabit, NO_HABIT } from '../domain/habit/home-habit.ts';
import type { LocalCalendar } from '../domain/local-calendar.ts';
import { DAY_MS } from '../domain/time.ts';
import { groupByHome } from '../db/group-by-home.ts';
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
  /** How much of it is kept as it is and need not be written again. */
  readonly written?: WrittenHabit | undefined;
}

/** Pauses are kept for so much longer than they count that late readings seldom have them all worked out anew. */
const MARGIN_DAYS = 40;
/** Before its first whole day, readings are needed to tell a base flow and the hours of use. */
const RUN_UP_MS = BASE_FLOW_LOOKBACK_MS + USE_BEFORE_MS;
/** A home adds some 30 to 70 bytes a day: all of it is written every one to two weeks. */
const MOST_ADDED_BYTES = 300;
const STAGGER = 16;
const STAGGER_BYTES = 20;
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
  const kept = new Map((await readHabits(db, ids)).map((each) => [each.householdId, each]));
  const loaded = new Map<number, LoadedHabit>();
  const missing: HabitWanted[] = [];
  for (const home of wanted) {
    const { householdId } = home;
    const { habit, written } = kept.get(householdId) ?? {};
    const neededMs = Math.min(home.untilMs, home.judgedFromMs);
    if (!habit || neededMs < habit.untilMs - MARGIN_DAYS * DAY_MS) missing.push(home);
    else if (home.untilMs >= habit.untilMs) {
      loaded.set(householdId, { habit, keptUntilMs: habit.untilMs, written });
    } else {
      const cutBack = habitBefore(habit, home.untilMs, Infinity);
      loaded.set(householdId, { habit: cutBack, keptUntilMs: undefined });
    }
  }
  for (let start = 0; start < missing.length; start += REBUILT_AT_ONCE) {
    const batch = missing.slice(start, start + REBUILT_AT_ONCE);
    const meters = await metersToLearnFrom(db, batch, now);
    for (const home of batch) {
      const habit = habitFrom(home, meters.get(home.householdId) ?? []);
      loaded.set(home.householdId, { habit, keptUntilMs: undefined });
    }
  }
  return loaded;
}

/**
 * A habit as it is kept. One that has grown a little is kept by what was added; now and then, homes not all on the same day,
 * all of it is written anew, no longer than it can ever be asked for.
 */
export function habitToKeep(householdId: number, habit: HomeHabit, written: WrittenHabit | undefined): KeptHabit {
  const addedMost = MOST_ADDED_BYTES + (householdId % STAGGER) * STAGGER_BYTES;
  const added = written && addedBytes(habit, written);
  if (added !== undefined && added <= addedMost) return { householdId, habit, written };
  return { householdId, habit: habitBefore(habit, habit.untilMs, HABIT_DAYS + MARGIN_DAYS) };
}

function addedBytes({ pauses, days }: HomeHabit, written: WrittenHabit): number {
  return pauses.byteLength - pauses.BYTES_PER_ELEMENT * written.pauses + days.byteLength - written.days;
}

async function metersToLearnFrom(db: Db, wanted: readonly HabitWanted[], now: Date) {
  const requests = wanted.map(({ householdId, untilMs, judgedFromMs }) => ({
    householdId,
    since: new Date(Math.min(judgedFromMs, untilMs - MARGIN_DAYS * DAY_MS) - HABIT_DAYS * DAY_MS - RUN_UP_MS),
    until: new Date(untilMs),
  }));
  return groupByHome(await readMeterSeries(db, requests, now));
}

function habitFrom({ calendar, untilMs }: HabitWanted, meters: readonly MeterReadings[]): HomeHabit {
  const { habit } = homeSeries({ meters: meters.map(meterSeries), excuses: [], calendar, habit: NO_HABIT });
  return habitBefore(habit, Math.min(untilMs, habit.untilMs), Infinity);
}
