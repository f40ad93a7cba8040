import { median } from '../median.ts';
import { addDays } from '../local-day.ts';

/** A home's water on one of its own days, and for which share of that day it is known. */
export interface DayOfWater {
  /** As in `2026-03-02`. */
  readonly localDay: string;
  readonly litres: number;
  /** 0 to 1; of a day that is not over, at most the part that has passed. */
  readonly knownShare: number;
}

export interface ShownDay {
  readonly localDay: string;
  /** Undefined when too little is known of the day: no bar is drawn, and no figure given. */
  readonly litres: number | undefined;
}

/** What a person is shown of a home's last days. */
export interface RecentWater {
  /** The oldest first; the last one is today and not over. */
  readonly days: readonly ShownDay[];
  /** Litres on an ordinary day before these: the median. Undefined when too few days are known. */
  readonly usualLitres: number | undefined;
}

const SHOWN_DAYS = 7;
const USUAL_DAYS = 28;
const FEWEST_USUAL_DAYS = 7;
/** As much of a day must be known before its sum is a figure to be compared. */
const LEAST_KNOWN = 0.9;

/** The first day that `recentWater` looks at. */
export function firstDayLookedAt(today: string): string {
  return addDays(today, 1 - SHOWN_DAYS - USUAL_DAYS);
}

/**
 * The last seven days of a home, today among them, beside an ordinary day of the four weeks before. Undefined when
 * nothing at all is known of the seven.
 */
export function recentWater(known: readonly DayOfWater[], today: string): RecentWater | undefined {
  const byDay = new Map(known.map((day) => [day.localDay, day]));
  const firstShown = addDays(today, 1 - SHOWN_DAYS);
  const days = Array.from({ length: SHOWN_DAYS }, (_, i) => shown(addDays(firstShown, i), byDay, today));
  if (days.every(({ litres }) => litres === undefined)) return undefined;

  const before = known.filter(({ localDay, knownShare }) => localDay < firstShown && knownShare >= LEAST_KNOWN);
  return {
    days,
    usualLitres: before.length < FEWEST_USUAL_DAYS ? undefined : Math.round(median(before.map((day) => day.litres))),
  };
}

/** Of today whatever is known counts: that nothing has run so far is just what somebody wants to see. */
function shown(localDay: string, byDay: ReadonlyMap<string, DayOfWater>, today: string): ShownDay {
  const day = byDay.get(localDay);
  const leastKnown = localDay === today ? 0 : LEAST_KNOWN;
  return { localDay, litres: day && day.knownShare > 0 && day.knownShare >= leastKnown ? day.litres : undefined };
}
