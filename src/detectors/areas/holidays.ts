import { dayKindOf } from '../../alerts/day-kind.ts';
import type { AreaPolicy } from '../../domain/area/area-policy.ts';
import { localDateOf } from '../../domain/local-day.ts';

/** Where the holidays of a country are kept by the clock. */
const ZONE = { CN: 'Asia/Shanghai' } as const;

/**
 * Whether it is a public holiday at a moment, by the country's own calendar (days off in lieu count, weekends do not).
 * Years whose calendar is not known yet have none.
 */
export function isPublicHoliday(at: Date, country: AreaPolicy['holidays']): boolean {
  return country !== 'none' && dayKindOf(localDateOf(at, ZONE[country])) === 'holiday';
}
