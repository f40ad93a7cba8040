import { DAY_MS, HOUR_MS, QUARTER_HOUR_MS } from '../time.ts';
import type { DatedPause } from './pause.ts';

/**
 * Pauses in words of 32 bits, day by day in the order in which readings showed them to be over. Each day has a word before
 * its pauses: its beginning, in quarters of an hour (22 bits, which last until 2089), and how many pauses follow (10).
 *
 * A pause is one word; from its lowest bit: the quarter of the local day at which it began (7), whether that was a day off
 * (1), hours of use before (5), its length in quarters of an hour (11), and how many days before the one at which it stands
 * it began (8).
 *
 * A home has a thousand and more of them, and most of a day's judgement went by in reading them. They are kept, cut and
 * weighed as they are: to make an object of each would take longer than all that is done with them.
 */
export type PackedPauses = Uint32Array;

export const NO_PAUSES: PackedPauses = new Uint32Array(0);
const QUARTERS_AN_HOUR = HOUR_MS / QUARTER_HOUR_MS;
const COUNT_BITS = 10;
const MOST_IN_A_GROUP = 2 ** COUNT_BITS - 1;
const START_MASK = 0x7f;
const DAY_OFF = 0x80;
const USE_SHIFT = 8;
const MOST_HOURS_OF_USE = 31;
const LASTED_SHIFT = 13;
const LONGEST = 2_047;
const BACK_SHIFT = 24;
const MOST_DAYS_BACK = 255;

/** Packs pauses that stand in the order of time; what is longer than three weeks is cut to that. */
export function packPauses(pauses: readonly DatedPause[]): PackedPauses {
  const packed = new Uint32Array(2 * pauses.length);
  let length = 0;
  let dayAt = 0;
  for (const pause of pauses) {
    const day = pause.shownDayMs / QUARTER_HOUR_MS;
    if (length === 0 || dayOf(packed, dayAt) !== day || countOf(packed, dayAt) === MOST_IN_A_GROUP) {
      dayAt = length;
      packed[length] = day << COUNT_BITS;
      length += 1;
    }
    packed[dayAt] = word(packed, dayAt) + 1;
    packed[length] = packedPause(pause);
    length += 1;
  }
  return packed.slice(0, length);
}

function packedPause({ startMs, shownDayMs, lastedMs, startHour, isDayOff, hoursOfUseBefore }: DatedPause): number {
  const daysBack = Math.round((shownDayMs - (startMs - startHour * HOUR_MS)) / DAY_MS);
  return (
    (startHour * QUARTERS_AN_HOUR) |
    (isDayOff ? DAY_OFF : 0) |
    (Math.min(MOST_HOURS_OF_USE, hoursOfUseBefore) << USE_SHIFT) |
    (Math.min(LONGEST, lastedMs / QUARTER_HOUR_MS) << LASTED_SHIFT) |
    (Math.min(MOST_DAYS_BACK, daysBack) << BACK_SHIFT)
  );
}

/** The pauses, each by itself. */
export function unpackPauses(packed: PackedPauses): DatedPause[] {
  const pauses: DatedPause[] = [];
  for (let dayAt = 0; dayAt < packed.length; dayAt = nextDay(packed, dayAt)) {
    for (let at = dayAt + 1; at < nextDay(packed, dayAt); at += 1) {
      const bits = word(packed, at);
      pauses.push({
        startMs: startMsOf(packed, at, dayAt),
        shownDayMs: dayOf(packed, dayAt) * QUARTER_HOUR_MS,
        lastedMs: ((bits >>> LASTED_SHIFT) & LONGEST) * QUARTER_HOUR_MS,
        startHour: (bits & START_MASK) / QUARTERS_AN_HOUR,
        isDayOff: (bits & DAY_OFF) !== 0,
        hoursOfUseBefore: (bits >>> USE_SHIFT) & MOST_HOURS_OF_USE,
      });
    }
  }
  return pauses;
}

/** How many there are. */
export function pauseCount(packed: PackedPauses): number {
  let count = packed.length;
  for (let dayAt = 0; dayAt < packed.length; dayAt = nextDay(packed, dayAt)) count -= 1;
  return count;
}

/**
 * When the first of them began, in milliseconds, to within the hour by which clocks are put forward or back; undefined
 * where there is none.
 */
export function firstPauseMs(packed: PackedPauses): number | undefined {
  return packed.length === 0 ? undefined : startMsOf(packed, 1, 0);
}

/** Those shown to be over on days that began at `fromMs` or later and before `beforeMs`: a view, not a copy. */
export function pausesShown(packed: PackedPauses, fromMs: number, beforeMs: number): PackedPauses {
  return packed.subarray(firstDayFrom(packed, fromMs), firstDayFrom(packed, beforeMs));
}

/** Those that do not touch any of these times, to within the hour by which clocks are put forward or back. */
export function pausesOutside(
  packed: PackedPauses,
  times: readonly { readonly fromMs: number; readonly untilMs: number }[],
): PackedPauses {
  const kept: DatedPause[] = unpackPauses(packed).filter(({ startMs, lastedMs, shownDayMs }) => {
    // One that was cut to its longest went on until the day on which it was shown to be over.
    const endMs = lastedMs < LONGEST * QUARTER_HOUR_MS ? startMs + lastedMs : Math.max(startMs + lastedMs, shownDayMs);
    return !times.some(({ fromMs, untilMs }) => startMs < untilMs && endMs > fromMs);
  });
  return packPauses(kept);
}

/** Calls `weigh` with each pause: the quarter of its day at which it began, its length in quarters, its hours of use before. */
export function eachPause(
  packed: PackedPauses,
  weigh: (startQuarter: number, lasted: number, hoursOfUseBefore: number, isDayOff: boolean) => void,
): void {
  let at = 0;
  while (at < packed.length) {
    const next = nextDay(packed, at);
    for (at += 1; at < next; at += 1) {
      const bits = word(packed, at);
      const isDayOff = (bits & DAY_OFF) !== 0;
      weigh(bits & START_MASK, (bits >>> LASTED_SHIFT) & LONGEST, (bits >>> USE_SHIFT) & MOST_HOURS_OF_USE, isDayOff);
    }
  }
}

/** The position of the first day that began at a moment or later, or the length. */
function firstDayFrom(packed: PackedPauses, atMs: number): number {
  const quarter = atMs / QUARTER_HOUR_MS;
  let dayAt = 0;
  while (dayAt < packed.length && dayOf(packed, dayAt) < quarter) dayAt = nextDay(packed, dayAt);
  return dayAt;
}

function startMsOf(packed: PackedPauses, at: number, dayAt: number): number {
  const bits = word(packed, at);
  const dayMs = dayOf(packed, dayAt) * QUARTER_HOUR_MS - (bits >>> BACK_SHIFT) * DAY_MS;
  return dayMs + (bits & START_MASK) * QUARTER_HOUR_MS;
}

/** The beginning of a day in quarters of an hour. */
function dayOf(packed: PackedPauses, dayAt: number): number {
  return word(packed, dayAt) >>> COUNT_BITS;
}

function countOf(packed: PackedPauses, dayAt: number): number {
  return word(packed, dayAt) & MOST_IN_A_GROUP;
}

/** The position of the day after a day. */
function nextDay(packed: PackedPauses, dayAt: number): number {
  return dayAt + 1 + countOf(packed, dayAt);
}

function word(packed: PackedPauses, at: number): number {
  return packed[at] ?? 0;
}
