import { HOUR_MS } from '../../src/domain/time.ts';
import type { Calendar } from '../calendar.ts';
import type { Draw } from '../habits/draw.ts';
import type { RealReadings } from './real-readings.ts';

const HOURS_A_DAY = 24;
const MID_HOUR_MS = HOUR_MS / 2;

/**
 * The recorded home's water as draws of any day: the recording's first day falls on `firstDay`, hour on hour of the
 * wall clock, and after its last day it begins again.
 */
export function recordedDraws(
  { litresByHour }: RealReadings,
  calendar: Calendar,
  firstDay: number,
): (day: number) => Draw[] {
  const days = litresByHour.length / HOURS_A_DAY;
  return (day) => {
    const recordedDay = (((day - firstDay) % days) + days) % days;
    const midnightMs = calendar.midnightMs(day);
    return litresByHour
      .slice(recordedDay * HOURS_A_DAY, (recordedDay + 1) * HOURS_A_DAY)
      .map((litres, hour) => ({ atMs: midnightMs + hour * HOUR_MS + MID_HOUR_MS, litres }));
  };
}
