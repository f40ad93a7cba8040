import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/domain/time.ts';
import type { Calendar } from '../calendar.ts';
import { randomStream, type StreamName } from '../random.ts';
import { drawFate, type Fate, type FaultRates } from './faults.ts';

/** A meter sends each reading as it takes it, or a day's worth once a night. */
export type UploadHabit = 'hourly' | 'daily';

/** One message on its way, without its content. */
export interface Upload {
  readonly sendAtMs: number;
  /** The full hours whose readings it carries, in the order they stand in it. */
  readonly hoursMs: readonly number[];
  /** Counts the messages of the meter from 0. A repeat has the number of the first copy. */
  readonly seq: number;
}

/** A daily meter sends at some time in the first eight hours of the next day, always about the same. */
export const NIGHT_MS = 8 * HOUR_MS;
const OVERTAKEN_BY_MS = HOUR_MS + 5 * MINUTE_MS;

/**
 * The messages about the readings of any day: those after its first midnight, up to and with its last.
 *
 * The same names always give the same messages with the same fates. They are in no particular order.
 */
export function uploadsOf(
  habit: UploadHabit,
  calendar: Calendar,
  startMs: number,
  faults: FaultRates,
  names: readonly StreamName[],
): (day: number) => Upload[] {
  const own = randomStream(...names, 'uploads');
  const minuteOfHourMs = own.whole(5 * SECOND_MS, 4 * MINUTE_MS);
  const timeOfNightMs = own.whole(MINUTE_MS, NIGHT_MS);
  const firstDay = calendar.dayOf(startMs) - 1;
  return (day) => {
    const chance = randomStream(...names, 'fates', day);
    const hoursMs = readingHours(calendar, startMs, day);
    if (hoursMs.length === 0) return [];
    if (habit === 'daily') {
      const sendAtMs = calendar.midnightMs(day + 1) + timeOfNightMs;
      return undergo({ sendAtMs, hoursMs, seq: day - firstDay }, drawFate({ ...faults, lost: 0 }, chance));
    }
    return hoursMs.flatMap((hourMs) => {
      const upload = { sendAtMs: hourMs + minuteOfHourMs, hoursMs: [hourMs], seq: (hourMs - startMs) / HOUR_MS };
      return undergo(upload, drawFate(faults, chance));
    });
  };
}

function readingHours(calendar: Calendar, startMs: number, day: number): number[] {
  const untilMs = calendar.midnightMs(day + 1);
  const afterMs = Math.max(calendar.midnightMs(day), startMs - 1);
  const firstMs = (Math.floor(afterMs / HOUR_MS) + 1) * HOUR_MS;
  const count = Math.max(0, Math.floor((untilMs - firstMs) / HOUR_MS) + 1);
  return Array.from({ length: count }, (_, hour) => firstMs + hour * HOUR_MS);
}

/** What arrives of a message: nothing, one copy or two. */
function undergo({ sendAtMs, hoursMs, seq }: Upload, { lost, overtaken, delayMs, repeatAfterMs }: Fate): Upload[] {
  if (lost) return [];
  const isLone = hoursMs.length === 1;
  const arrivesMs = sendAtMs + delayMs + (overtaken && isLone ? OVERTAKEN_BY_MS : 0);
  const inOrder = overtaken ? hoursMs.toReversed() : hoursMs;
  const first = { sendAtMs: arrivesMs, hoursMs: inOrder, seq };
  if (repeatAfterMs === undefined) return [first];
  return [first, { sendAtMs: arrivesMs + repeatAfterMs, hoursMs: inOrder, seq }];
}
