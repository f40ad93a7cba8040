import type { Language } from '../language.ts';
import type { Evidence, InactivityEvidence, LowUseEvidence, RunningWaterEvidence } from './finding.ts';

/** Why an alert was raised: one sentence with its figures, in the wall-clock time of the home. */
export function reasonFor(evidence: Evidence, language: Language, timeZone: string): string {
  const sentence = sentenceFor(evidence, language, timeZone);
  const rule = evidence.detector === 'inactivity' ? undefined : evidence.rule;
  if (rule === undefined) return sentence;
  return language === 'zh-CN' ? `${rule}：${sentence}` : `${rule}: ${sentence}`;
}

function sentenceFor(evidence: Evidence, language: Language, timeZone: string): string {
  switch (evidence.detector) {
    case 'inactivity':
      return inactivityReason(evidence, language, timeZone);
    case 'low-use':
      return lowUseReason(evidence, language, timeZone);
    case 'running-water':
      return runningWaterReason(evidence, language, timeZone);
  }
}

function inactivityReason(evidence: InactivityEvidence, language: Language, timeZone: string): string {
  const { sinceMs, dryHours, limitHours, shareOver, leakLitresPerHour, asOfMs } = evidence;
  const [by, since] = [asOfMs, sinceMs].map((atMs) => wallClock(atMs, language, timeZone));
  const share = shareOver === undefined ? undefined : Math.floor(shareOver * 1_000) / 10;
  if (language === 'zh-CN') {
    const usual =
      share === undefined ? `超过${limitHours}小时就要提醒` : `这家平时停用水，${share}%在${limitHours}小时内恢复`;
    const leak = leakLitresPerHour === 0 ? '' : `（已扣除每小时${leakLitresPerHour}升的滴漏）`;
    return `截至${by}，自${since}起已${dryHours}小时未用水${leak}；${usual}。`;
  }
  const usual =
    share === undefined
      ? `nobody is left alone for longer than ${limitHours} h`
      : `of such pauses in this home ${share} % are over within ${limitHours} h`;
  const leak = leakLitresPerHour === 0 ? '' : ` (a drip of ${leakLitresPerHour} L/h is not counted)`;
  return `By ${by}, no water had been used for ${dryHours} h, since ${since}${leak}; ${usual}.`;
}

const NO_USE = { 'zh-CN': '无记录', en: 'none on record' } as const;

function lowUseReason(evidence: LowUseEvidence, language: Language, timeZone: string): string {
  const { windowHours, litres, floorLitres, lastUseAtMs, asOfMs } = evidence;
  const by = wallClock(asOfMs, language, timeZone);
  const lastUse = lastUseAtMs === undefined ? NO_USE[language] : wallClock(lastUseAtMs, language, timeZone);
  if (floorLitres === 0) {
    return language === 'zh-CN'
      ? `截至${by}，${windowHours}小时内未用水；最近一次用水：${lastUse}。`
      : `By ${by}, no water had been used in ${windowHours} h; last use: ${lastUse}.`;
  }
  if (litres === 0) {
    return language === 'zh-CN'
      ? `截至${by}，${windowHours}小时内未用水（低于${floorLitres}升就要提醒）；最近一次用水：${lastUse}。`
      : `By ${by}, no water had been used in ${windowHours} h (under ${floorLitres} L is too little); last use: ${lastUse}.`;
  }
  if (language === 'zh-CN') {
    return `截至${by}，${windowHours}小时内仅用水${litres}升（低于${floorLitres}升）；最近一次用水：${lastUse}。`;
  }
  return `By ${by}, only ${litres} L of water in ${windowHours} h (under ${floorLitres} L); last use: ${lastUse}.`;
}

function runningWaterReason(evidence: RunningWaterEvidence, language: Language, timeZone: string): string {
  const { hours, leastLitresPerHour, litres, asOfMs, limitLitres, slotMinutes } = evidence;
  const by = wallClock(asOfMs, language, timeZone);
  if (limitLitres !== undefined) return volumeReason(evidence, limitLitres, language, timeZone);
  if (slotMinutes !== undefined) {
    return language === 'zh-CN'
      ? `截至${by}，${hours}小时内每${slotMinutes}分钟都有用水，共${litres}升。`
      : `By ${by}, water had run in every ${slotMinutes} minutes of ${hours} h, ${litres} L in all.`;
  }
  if (leastLitresPerHour === 0) {
    return language === 'zh-CN'
      ? `截至${by}，${hours}小时内用水${litres}升。`
      : `By ${by}, ${litres} L of water had run within ${hours} h.`;
  }
  if (language === 'zh-CN') {
    return `截至${by}，水已连续流${hours}小时，每小时不少于${leastLitresPerHour}升，共${litres}升。`;
  }
  return `By ${by}, water had run without a stop for ${hours} h, never under ${leastLitresPerHour} L an hour, ${litres} L in all.`;
}

function volumeReason(
  { hours, litres, daySinceMs, asOfMs }: RunningWaterEvidence,
  limitLitres: number,
  language: Language,
  timeZone: string,
): string {
  const by = wallClock(asOfMs, language, timeZone);
  if (daySinceMs === undefined) {
    return language === 'zh-CN'
      ? `截至${by}，${hours}小时内用水${litres}升（超过${limitLitres}升）。`
      : `By ${by}, ${litres} L of water had run within ${hours} h (more than ${limitLitres} L).`;
  }
  const since = wallClock(daySinceMs, language, timeZone);
  return language === 'zh-CN'
    ? `截至${by}，当天（自${since}起）用水${litres}升（超过${limitLitres}升）。`
    : `By ${by}, ${litres} L of water had run in the day that began ${since} (more than ${limitLitres} L).`;
}

/** Day and time as people of the home read them on the wall, for example `23 Nov 21:00`. */
export function wallClock(atMs: number, language: Language, timeZone: string): string {
  const formatter = new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', {
    timeZone,
    month: language === 'zh-CN' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(formatter.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const [month, day, hour, minute] = ['month', 'day', 'hour', 'minute'].map(
    (type) => parts.get(type as Intl.DateTimeFormatPartTypes) ?? '',
  );
  return language === 'zh-CN' ? `${month}月${day}日${hour}:${minute}` : `${day} ${month} ${hour}:${minute}`;
}
