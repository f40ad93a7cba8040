import type { IntervalConsumption } from '../../src/domain/metering/interval-consumption.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import type { HomePast, Rule } from './rule.ts';

/**
 * How long the home is usually dry at each hour of the day: for every hour that readings cover, the age of the last
 * use, in the order of time.
 */
interface DryAge {
  readonly atMs: number;
  readonly hourOfDay: number;
  readonly ageHours: number;
}

const SLOTS = 24;

/**
 * Cuddihy and others 2007 (doi:10.1145/1248054.1248081), as US patent 7,091,865 describes it, on hourly water: the longest
 * inactivity of the past 30 days at each hour of the day, smoothed over the neighbouring hours, plus a buffer of two
 * hours. Not the authors' code: buffer and days are ours, since theirs were tuned on motion sensors.
 */
export const cuddihy: Rule = limitByHour('Cuddihy 2007', { days: 30, bufferHours: 2, share: 1 });

/**
 * After Wilhelm and Wahl 2024 (doi:10.3390/s24206583) with readings taken as certain: the inactivity that 99 % of the past
 * 60 days stayed under at this hour of the day. Their score weighs uncertain sensors, which a meter is not.
 */
export const wilhelmWahl: Rule = limitByHour('Wilhelm & Wahl 2024', { days: 60, bufferHours: 0, share: 0.99 });

interface LimitTerms {
  readonly days: number;
  readonly bufferHours: number;
  /** The share of past days that stayed under the limit; 1 is the longest ever. */
  readonly share: number;
}

function limitByHour(name: string, terms: LimitTerms): Rule {
  return {
    name,
    listensFor: ['stillness'],
    lookbackHours: 24 * 5,
    judgeFor: (past) => {
      const ages = dryAges(past);
      const limits = new Map<number, readonly number[] | undefined>();
      return (known, newestMs, announced) => {
        if (announced?.some(({ untilMs }) => newestMs <= untilMs)) return false;
        const lastUse = known.findLast(isUse);
        if (!lastUse || isHidden(known, lastUse.toMs)) return undefined;
        const day = Math.floor(lastUse.toMs / DAY_MS);
        if (!limits.has(day)) limits.set(day, limitsBefore(ages, day * DAY_MS, terms));
        const limit = limits.get(day)?.[hourOfDay(past, newestMs)];
        return limit === undefined ? undefined : (newestMs - lastUse.toMs) / HOUR_MS > limit + terms.bufferHours;
      };
    },
  };
}

/** Water that people drew, or a gap in which more ran than drips. */
export function isUse({ kind, volumeLitres }: IntervalConsumption): boolean {
  return (kind === 'measured' && volumeLitres >= 1) || (kind === 'moved_gap' && volumeLitres >= 5);
}

/** Whether water may have run since, in a time that readings do not tell about. */
function isHidden(known: readonly IntervalConsumption[], sinceMs: number): boolean {
  for (let i = known.length - 1; i >= 0; i -= 1) {
    const interval = known[i];
    if (!interval || interval.fromMs < sinceMs) return false;
    if (interval.kind === 'moved_gap' || interval.kind === 'new_segment') return true;
  }
  return false;
}

function hourOfDay({ clock }: HomePast, atMs: number): number {
  return Math.floor((clock.shownAt(atMs) % DAY_MS) / HOUR_MS);
}

function dryAges(past: HomePast): DryAge[] {
  const ages: DryAge[] = [];
  let lastUseMs: number | undefined;
  for (const interval of past.intervals) {
    if (interval.kind === 'new_segment' || interval.kind === 'moved_gap') lastUseMs = undefined;
    if (lastUseMs !== undefined && !isUse(interval)) {
      const ageHours = (interval.toMs - lastUseMs) / HOUR_MS;
      ages.push({ atMs: interval.toMs, hourOfDay: hourOfDay(past, interval.toMs), ageHours });
    }
    if (isUse(interval)) {
      ages.push({ atMs: interval.toMs, hourOfDay: hourOfDay(past, interval.toMs), ageHours: 0 });
      lastUseMs = interval.toMs;
    }
  }
  return ages;
}

/** For each hour of the day, what the dry ages of the days before stayed under; undefined before there are 14 days. */
function limitsBefore(ages: readonly DryAge[], beforeMs: number, { days, share }: LimitTerms): number[] | undefined {
  const fromMs = beforeMs - days * DAY_MS;
  const past = ages.slice(firstAfter(ages, fromMs), firstAfter(ages, beforeMs));
  const [oldest] = past;
  if (!oldest || oldest.atMs > beforeMs - 14 * DAY_MS) return undefined;
  const bySlot = Array.from({ length: SLOTS }, (): number[] => []);
  for (const { hourOfDay: slot, ageHours } of past) bySlot[slot]?.push(ageHours);
  const limits = bySlot.map((hours) => quantile(hours, share));
  return limits.map((own, slot) =>
    Math.max(own, mean([limits.at(slot - 1) ?? own, own, limits[(slot + 1) % SLOTS] ?? own])),
  );
}

function firstAfter(ages: readonly DryAge[], atMs: number): number {
  let low = 0;
  let high = ages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ages[middle]?.atMs ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function mean(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}
