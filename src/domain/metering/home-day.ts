import type { LocalCalendar, LocalDay } from '../local-calendar.ts';
import type { IntervalConsumption } from './interval-consumption.ts';
import { knownSpans } from './known-spans.ts';
import { type Litres, litres } from './units.ts';

/** A meter during the time for which it was bound to a home. */
export interface BoundMeter {
  readonly boundFromMs: number;
  /** Infinity for a meter that is still there. */
  readonly boundUntilMs: number;
  /** The times of its readings, each once, in order. */
  readonly readAtMs: readonly number[];
  /** In time order. */
  readonly intervals: readonly IntervalConsumption[];
}

/** What is known of a home's water on one of its local days. */
export interface HomeDay {
  readonly day: LocalDay;
  /** All water that is put down to this day. Over all days it adds up to what the registers moved forward. */
  readonly litres: Litres;
  /** The part of `litres` that comes from intervals which reach over a midnight and were divided by time. */
  readonly estimatedLitres: Litres;
  /** How much of the day the water is known for, on every meter that was there, in milliseconds. */
  readonly knownMs: number;
  readonly readings: number;
  /** Readings are missing on this day. */
  readonly hasGap: boolean;
  readonly hasBackflow: boolean;
  /** A register fell too far for backflow on this day: another dial, or a reset. */
  readonly hasNewDial: boolean;
}

/**
 * Divides a home's water among the local days that its readings touch, from the day `firstDate` on.
 *
 * An interval that reaches over a midnight is divided in proportion to time, in whole litres that add up to its volume.
 * Days of which nothing at all is known are left out.
 */
export function homeDays(meters: readonly BoundMeter[], calendar: LocalCalendar, firstDate: string): HomeDay[] {
  const days = new Map<string, Tally>();
  const tallyOf = (day: LocalDay) => {
    let tally = days.get(day.date);
    if (!tally) days.set(day.date, (tally = newTally(day)));
    return tally;
  };
  for (const { readAtMs, intervals } of meters) {
    for (const atMs of readAtMs) tallyOf(calendar.dayAt(atMs)).readings += 1;
    for (const interval of intervals) addInterval(interval, calendar, tallyOf);
  }
  for (const [fromMs, toMs] of knownSpans(meters)) {
    for (const day of daysBetween(calendar, fromMs, toMs)) tallyOf(day).knownMs += overlapMs(day, fromMs, toMs);
  }
  const wanted = [...days.values()].filter(({ day }) => day.date >= firstDate);
  return wanted.sort((a, b) => a.day.startMs - b.day.startMs).map(settle);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Tally = Omit<Mutable<HomeDay>, 'litres' | 'estimatedLitres'> & { litres: number; estimatedLitres: number };

function newTally(day: LocalDay): Tally {
  return {
    day,
    litres: 0,
    estimatedLitres: 0,
    knownMs: 0,
    readings: 0,
    hasGap: false,
    hasBackflow: false,
    hasNewDial: false,
  };
}

function settle(tally: Tally): HomeDay {
  return { ...tally, litres: litres(tally.litres), estimatedLitres: litres(tally.estimatedLitres) };
}

function addInterval(
  { fromMs, toMs, volumeLitres, kind }: IntervalConsumption,
  calendar: LocalCalendar,
  tallyOf: (day: LocalDay) => Tally,
): void {
  const isSplit = calendar.dayAt(fromMs).endMs < toMs;
  for (const day of daysBetween(calendar, fromMs, toMs)) {
    const tally = tallyOf(day);
    const untilStart = shareUntil(day.startMs, fromMs, toMs, volumeLitres);
    const share = shareUntil(day.endMs, fromMs, toMs, volumeLitres) - untilStart;
    tally.litres += share;
    if (isSplit) tally.estimatedLitres += share;
    if (kind === 'still_gap' || kind === 'moved_gap') tally.hasGap = true;
    if (kind === 'backflow') tally.hasBackflow = true;
    if (kind === 'new_segment') tally.hasNewDial = true;
  }
}

/** The whole litres of an interval that are put down to the time before `atMs`. */
function shareUntil(atMs: number, fromMs: number, toMs: number, volume: number): number {
  if (atMs >= toMs) return volume;
  return atMs <= fromMs ? 0 : Math.floor((volume * (atMs - fromMs)) / (toMs - fromMs));
}

/** The days that (fromMs, toMs] touches: one that ends at midnight belongs to the day that ends then. */
function* daysBetween(calendar: LocalCalendar, fromMs: number, toMs: number): Generator<LocalDay> {
  for (let day = calendar.dayAt(fromMs); day.startMs < toMs; day = calendar.dayAfter(day)) yield day;
}

function overlapMs({ startMs, endMs }: LocalDay, fromMs: number, toMs: number): number {
  return Math.min(endMs, toMs) - Math.max(startMs, fromMs);
}
