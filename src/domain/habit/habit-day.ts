import type { LocalCalendar, LocalDay } from '../local-calendar.ts';
import type { IntervalConsumption } from '../metering/interval-consumption.ts';
import { HOUR_MS } from '../time.ts';
import type { UseSpan } from './home-use.ts';

/** For so many hours on end, the greatest flow that never stopped is kept of each day. */
export const FLOW_HOURS = [2, 3, 6] as const;

/** What a home's water did on one of its local days. An interval belongs to the day in which it ends. Whole numbers. */
export interface HabitDay {
  readonly startMs: number;
  readonly litres: number;
  /** For how many hours readings tell whether water was drawn. */
  readonly knownHours: number;
  /** In how many hours water was drawn. */
  readonly hoursOfUse: number;
  /** For each of `FLOW_HOURS`: the greatest flow, in L/h, under which water never fell for so long on end. */
  readonly greatestFlows: readonly number[];
}

interface Watered {
  readonly intervals: readonly IntervalConsumption[];
}

/** The days from the one that began at or after `fromMs` up to the one that ended at `untilMs`. */
export function habitDays(
  meters: readonly Watered[],
  use: readonly UseSpan[],
  calendar: LocalCalendar,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): HabitDay[] {
  const tallies = new Map<number, Tally>();
  const tallyOf = (toMs: number): Tally | undefined => {
    if (toMs <= fromMs || toMs > untilMs) return undefined;
    // A reading at midnight tells of the day that ends then.
    const day = calendar.dayAt(toMs - 1);
    const tally = tallies.get(day.startMs) ?? newTally(day);
    tallies.set(day.startMs, tally);
    return tally;
  };
  for (const span of use) addUse(tallyOf(span.toMs), span);
  for (const { intervals } of meters) {
    for (const [i, { toMs, volumeLitres }] of intervals.entries()) {
      const tally = tallyOf(toMs);
      if (!tally) continue;
      tally.litres += volumeLitres;
      FLOW_HOURS.forEach((hours, position) => {
        tally.flows[position] = Math.max(tally.flows[position] ?? 0, leastFlow(intervals, i, hours * HOUR_MS));
      });
    }
  }
  return [...tallies.values()].map(settle);
}

interface Tally {
  readonly day: LocalDay;
  litres: number;
  knownMs: number;
  readonly hoursOfUse: Set<number>;
  readonly flows: number[];
}

function newTally(day: LocalDay): Tally {
  return { day, litres: 0, knownMs: 0, hoursOfUse: new Set(), flows: FLOW_HOURS.map(() => 0) };
}

function addUse(tally: Tally | undefined, { fromMs, toMs, use }: UseSpan): void {
  if (!tally || use === 'unknown') return;
  tally.knownMs += toMs - fromMs;
  if (use === 'drawn') tally.hoursOfUse.add(Math.ceil(toMs / HOUR_MS));
}

function settle({ day, litres, knownMs, hoursOfUse, flows }: Tally): HabitDay {
  return {
    startMs: day.startMs,
    litres,
    knownHours: Math.floor(knownMs / HOUR_MS),
    hoursOfUse: hoursOfUse.size,
    greatestFlows: flows.map(Math.floor),
  };
}

/** The least flow, in L/h, over the measured time that ends with an interval and lasts so long; 0 where a hole is in it. */
function leastFlow(intervals: readonly IntervalConsumption[], last: number, lastingMs: number): number {
  const toMs = intervals[last]?.toMs ?? 0;
  let least = Infinity;
  for (let i = last; i >= 0 && least > 0; i -= 1) {
    const interval = intervals[i];
    if (interval?.kind !== 'measured') return 0;
    least = Math.min(least, (interval.volumeLitres * HOUR_MS) / (interval.toMs - interval.fromMs));
    if (toMs - interval.fromMs >= lastingMs) return least;
  }
  return 0;
}
