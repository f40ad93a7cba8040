import chineseDays from 'chinese-days';
import type { DayKind } from '../domain/alerting/escalation-variant.ts';

/**
 * What a date is by the calendar of mainland China: days that make up for a holiday are workdays. Of years that are not
 * published yet only the weekends are known.
 */
export function dayKindOf(date: string): DayKind {
  const { work, name } = chineseDays.getDayDetail(date);
  if (work) return 'workday';
  // A weekend is called by its weekday; a holiday by its names and length: `Spring Festival,春节,4`.
  return name.includes(',') ? 'holiday' : 'weekend';
}
