import { wallTimeAt } from '../wall-time.ts';

/** The hours at which offices are open: nobody is woken for what can wait. */
const OFFICE_HOURS = { fromMinute: 9 * 60, untilMinute: 18 * 60 };

/** Whether offices of a time zone (IANA) are open at a moment. */
export function isOfficeTime(at: Date, timeZone: string): boolean {
  const { minute } = wallTimeAt(at, timeZone);
  return minute >= OFFICE_HOURS.fromMinute && minute < OFFICE_HOURS.untilMinute;
}
