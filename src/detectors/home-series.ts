import type { BegunEpisode, FindingName } from '../domain/alerting/finding.ts';
import { type DryRun, dryRuns } from '../domain/habit/dry-run.ts';
import { extendHabit, type HomeHabit, NO_HABIT } from '../domain/habit/home-habit.ts';
import { homeUse, type UseSpan } from '../domain/habit/home-use.ts';
import { type LocalCalendar, localCalendar } from '../domain/local-calendar.ts';
import type { IntervalConsumption } from '../domain/metering/interval-consumption.ts';
import { type Learned, NOTHING_LEARNED } from './learned.ts';

/** The water of one meter while it was bound to a home, its intervals in time order. */
export interface MeterSeries {
  readonly meterId: number;
  readonly boundFromMs: number;
  /** Infinity for a meter that is still there. */
  readonly boundUntilMs: number;
  readonly intervals: readonly IntervalConsumption[];
}

/** A time for which little water is explained: an absence from and until, or the moment of a home check. */
export interface Excuse {
  readonly kind: 'absence' | 'check';
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What is loaded of a home to judge it. */
export interface HomeParts {
  readonly meters: readonly MeterSeries[];
  readonly excuses: readonly Excuse[];
  /** The days as the people of the home live them; UTC when it is left out. */
  readonly calendar?: LocalCalendar | undefined;
  /** What is known of the time before the intervals; when it is left out, no rule asks, and none is worked out. */
  readonly habit?: HomeHabit | undefined;
  /** What home checks have taught of the home; nothing when it is left out. */
  readonly learned?: Learned | undefined;
  /** The last use that an earlier judgement saw; it may lie before the intervals. For reasons, not for rules. */
  readonly knownUseMs?: number | undefined;
  /** Moments before this are there as the past of later ones and are not judged again; all are when it is left out. */
  readonly judgedFromMs?: number;
  /** By detector, what began so long before those moments that it is taken as found then. */
  readonly begun?: ReadonlyMap<FindingName, BegunEpisode> | undefined;
}

/** All that a detector may know of a home: no name, no storage, no clock. */
export interface HomeSeries extends HomeParts {
  readonly calendar: LocalCalendar;
  readonly learned: Learned;
  /** What was known before the intervals, and what they add to it. */
  readonly habit: HomeHabit;
  /** What the readings say of people, in time order, over all meters. */
  readonly use: readonly UseSpan[];
  /** The times without use, in time order. */
  readonly runs: readonly DryRun[];
}

/** Makes a home ready to be judged: what several detectors need is worked out once. */
export function homeSeries(parts: HomeParts): HomeSeries {
  const { calendar = localCalendar('UTC'), learned = NOTHING_LEARNED } = parts;
  const use = homeUse(parts.meters);
  const runs = dryRuns(use);
  const habit = parts.habit ? extendHabit(parts.habit, { meters: parts.meters, use, runs }, calendar) : NO_HABIT;
  return { ...parts, calendar, learned, habit, use, runs };
}
