/** What clock and calendar on the wall of a place show at a moment. */
export interface WallTime {
  /** `2026-03-29` */
  readonly date: string;
  /** Minutes since midnight by the clock: 09:00 is 540 on the day the clocks change too. */
  readonly minute: number;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * What the clock in `timeZone` (IANA) shows at `at`. Every moment shows one time; the hour that autumn repeats is shown
 * twice, and the one that spring leaves out never.
 */
export function wallTimeAt(at: Date, timeZone: string): WallTime {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    const numeric = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', ...numeric });
    formatters.set(timeZone, formatter);
  }
  const parts = new Map(formatter.formatToParts(at).map(({ type, value }) => [type, value]));
  const [year = '', month = '', day = ''] = (['year', 'month', 'day'] as const).map((type) => parts.get(type));
  const date = `${year}-${month}-${day}`;
  return { date, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')), weekday: weekdayOf(date) };
}

/** `08:00` for 480 minutes since midnight; the end of a day is `24:00`. */
export function clockText(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The day of the week of a date: 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}
