import { type LocalCalendar, localCalendar } from './local-calendar.ts';

/** One calendar a time zone, made when it is first asked for. */
export function knownCalendars(): (timeZone: string) => LocalCalendar {
  const known = new Map<string, LocalCalendar>();
  return (timeZone) => {
    let calendar = known.get(timeZone);
    if (!calendar) known.set(timeZone, (calendar = localCalendar(timeZone)));
    return calendar;
  };
}
