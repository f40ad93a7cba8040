import { CLOCK_LEEWAY_MS, isExcused } from '../../../src/detectors/detector.ts';
import type { HomeSeries } from '../../../src/detectors/home-series.ts';
import { firstWhere } from '../../../src/domain/bisect.ts';
import type { DryRun } from '../../../src/domain/habit/dry-run.ts';
import { habitBefore, type HomeHabit, pauseStart } from '../../../src/domain/habit/home-habit.ts';
import {
  eachPause,
  firstPauseMs,
  NO_PAUSES,
  type PackedPauses,
  pauseCount,
} from '../../../src/domain/habit/packed-pauses.ts';
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.ts';
import type { Rule } from './rule.ts';

const DAYS = 120;
const LEAST_PAUSES = 20;
const LEAST_DAYS = 14;
const CAP_HOURS = 24;
const SPREAD_HOURS = 1.5;
const OTHER_DAY_TYPE = 0.4;

/**
 * The personal rule that ours began with, to see what was gained: alarm when the chance of a longer pause, of those of the
 * last 120 days weighed by the hour they began at (sd 1.5 h) and the kind of day (0.4), is less than `chance`; or after 24 h.
 */
export function firstPersonal(chance: number): Rule {
  return {
    name: `personal as first written, ${chance}`,
    listensFor: ['stillness'],
    lookOver: ({ home }) => {
      const curves = curvesOf(home.habit);
      return (atMs) => {
        const span = home.use[firstWhere(home.use, ({ toMs }) => toMs >= atMs)];
        if (!span || span.fromMs >= atMs || span.use === 'unknown') return undefined;
        const run = home.runs[firstWhere(home.runs, ({ endMs }) => endMs >= atMs)];
        if (!run || run.startMs >= atMs || isExcused(home, ['absence'], run.startMs, atMs)) return false;
        const hours = Math.floor((atMs - run.startMs + CLOCK_LEEWAY_MS) / HOUR_MS);
        if (hours < 1) return false;
        let longer = curves.get(run.startMs);
        if (!longer) curves.set(run.startMs, (longer = curveOf(home, run)));
        // The chance never rises with the hours, so what was alarming stays so.
        return hours >= CAP_HOURS || (longer[hours] ?? 1) < chance;
      };
    },
  };
}

function curveOf({ habit, calendar }: HomeSeries, run: DryRun): Float64Array {
  const { pauses } = habitBefore(habit, calendar.dayAt(run.startMs).startMs, DAYS);
  const isKnown = run.startMs - (firstPauseMs(pauses) ?? run.startMs) >= LEAST_DAYS * DAY_MS;
  const past = isKnown && pauseCount(pauses) >= LEAST_PAUSES ? pauses : NO_PAUSES;
  return chancesOfLonger(pauseStart(run, calendar), past);
}

const STARTS_AN_HOUR = 4;
/** The weight of a pause by how many quarters of an hour it began before or after another in the day. */
const NEARNESS = Float64Array.from({ length: 25 * STARTS_AN_HOUR }, (_, quarters) => {
  const hours = quarters / STARTS_AN_HOUR;
  return Math.exp(-0.5 * (Math.min(hours, Math.abs(24 - hours)) / SPREAD_HOURS) ** 2);
});

const curvesByHabit = new WeakMap<HomeHabit, Map<number, Float64Array>>();

/** What was worked out of a habit, by the start of a pause, for rules that differ in the chance alone. */
function curvesOf(habit: HomeHabit): Map<number, Float64Array> {
  const curves = curvesByHabit.get(habit) ?? new Map<number, Float64Array>();
  curvesByHabit.set(habit, curves);
  return curves;
}

/** For each hour up to the cap, the chance that a pause lasts at least so long; empty where too few are known. */
function chancesOfLonger(pause: ReturnType<typeof pauseStart>, past: PackedPauses): Float64Array {
  if (past.length === 0) return new Float64Array(0);
  const longer = new Float64Array(CAP_HOURS + 1);
  const startQuarter = Math.round(pause.startHour * STARTS_AN_HOUR);
  eachPause(past, (quarter, lasted, _hoursOfUseBefore, isDayOff) => {
    const near = NEARNESS[Math.abs(quarter - startQuarter)] ?? 0;
    const hours = Math.min(CAP_HOURS, Math.floor(lasted / STARTS_AN_HOUR));
    longer[hours] = (longer[hours] ?? 0) + near * (isDayOff === pause.isDayOff ? 1 : OTHER_DAY_TYPE);
  });
  for (let hours = CAP_HOURS - 1; hours >= 0; hours -= 1) {
    longer[hours] = (longer[hours] ?? 0) + (longer[hours + 1] ?? 0);
  }
  const sum = longer[0] ?? 0;
  return longer.map((weight, hours) => (weight + 0.5 * Math.exp(-hours / 12)) / (sum + 0.5));
}
