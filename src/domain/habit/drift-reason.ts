import { wallClock } from '../alerting/reason.ts';
import type { Language } from '../language.ts';
import type { RoutineDrift } from './routine-drift.ts';

/** What has changed in a home, in one sentence with its figures. */
export function driftReason(drift: RoutineDrift, language: Language, timeZone: string): string {
  const { measure, usual, lately, days, sinceMs, cusum } = drift;
  const since = wallClock(sinceMs, language, timeZone);
  if (language === 'zh-CN') {
    return measure === 'litres'
      ? `自${since}起${days}天用水偏少：每天约${lately}升，平时约${usual}升（累计偏差${cusum}）。`
      : `自${since}起${days}天用水时段偏少：每天约${lately}小时，平时约${usual}小时（累计偏差${cusum}）。`;
  }
  return measure === 'litres'
    ? `Less water for ${days} days, since ${since}: about ${lately} L a day, usually ${usual} L (drift ${cusum}).`
    : `Water in fewer hours for ${days} days, since ${since}: about ${lately} h a day, usually ${usual} h (drift ${cusum}).`;
}
