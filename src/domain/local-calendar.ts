import { addDays, startOfLocalDay } from './local-day.ts';
import { DAY_MS } from './time.ts';

/** A day of a place, from its first moment to the first of the next day: 23, 24 or 25 hours, or 24 and a half. */
export interface LocalDay {
  /** `2026-03-29` */
  readonly date: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface LocalCalendar {
  /** The day to which a moment belongs. The first moment of a day belongs to it. */
  readonly dayAt: (atMs: number) => LocalDay;
  /** The next day that the place lives through: an island that crosses the date line may leave one out. */
  readonly dayAfter: (day: LocalDay) => LocalDay;
}

/**
 * The days of a time zone (IANA), one after the other without gap or overlap.
 *
 * It remembers the days it was asked for, since working out when one begins costs far more than adding up its water.
 */
export function localCalendar(timeZone: string): LocalCalendar {
  const known = new Map<string, LocalDay>();
  const dayOf = (date: string): LocalDay => {
    let day = known.get(date);
    if (!day) {
      const [startMs, endMs] = [date, addDays(date, 1)].map((each) => startOfLocalDay(each, timeZone).getTime());
      known.set(date, (day = { date, startMs: startMs ?? NaN, endMs: endMs ?? NaN }));
    }
    return day;
  };
  const firstLasting = (day: LocalDay): LocalDay => (day.endMs > day.startMs ? day : firstLasting(following(day)));
  const following = (day: LocalDay) => dayOf(addDays(day.date, 1));

  const dayOver = (atMs: number): LocalDay => {
    let day = dayOf(addDays(new Date(atMs).toISOString().slice(0, 10), 1));
    while (day.startMs > atMs) day = dayOf(addDays(day.date, -1));
    return firstLasting(day);
  };

  let latest: LocalDay | undefined;
  /** By the day of UTC, the two or three that share a moment with it: who asks once asks for every home. */
  const byUtcDay = new Map<number, LocalDay[]>();
  const daysOver = (utcDay: number): LocalDay[] => {
    const days = [dayOver(utcDay * DAY_MS)];
    for (let last = days[0]; last && last.endMs < (utcDay + 1) * DAY_MS;) {
      days.push((last = firstLasting(following(last))));
    }
    return days;
  };
  return {
    dayAt(atMs) {
      if (latest && isIn(latest, atMs)) return latest;
      const utcDay = Math.floor(atMs / DAY_MS);
      let days = byUtcDay.get(utcDay);
      if (!days) byUtcDay.set(utcDay, (days = daysOver(utcDay)));
      for (const day of days) if (isIn(day, atMs)) return (latest = day);
      return (latest = dayOver(atMs));
    },
    dayAfter: (day) => firstLasting(following(day)),
  };
}

function isIn({ startMs, endMs }: LocalDay, atMs: number): boolean {
  return startMs <= atMs && atMs < endMs;
}
