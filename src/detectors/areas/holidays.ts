import chineseDays from 'chinese-days';
import type { AreaPolicy } from '../../domain/area/area-policy.ts';
import { localDateOf } from '../../domain/local-day.ts';

/** Where the holidays of a country are kept by the clock. */
const ZONE = { CN: 'Asia/Shanghai' } as const;

/**
 * Whether it is a public holiday at a moment, by the country's own calendar (days off in lieu count, weekends do not).
 * Years whose calendar the package does not know yet have none.
 */
export function isPublicHoliday(at: Date, country: AreaPolicy['holidays']): boolean {
  if (country === 'none') return false;
  const { work, name } = chineseDays.getDayDetail(localDateOf(at, ZONE[country]));
  // A weekend is called by its weekday; a holiday by its names and length: `Spring Festival,春节,4`.
  return !work && name.includes(',');
}
