import { describe, expect, it } from 'vitest';
import type { LowUseEvidence, RunningWaterEvidence } from '../../../../src/domain/alerting/finding.ts';
import { reasonFor, wallClock } from '../../../../src/domain/alerting/reason.ts';

const stillHome: LowUseEvidence = {
  detector: 'low-use',
  windowHours: 24,
  floorLitres: 6,
  litres: 2,
  lastUseAtMs: Date.parse('2026-03-01T13:05:00Z'),
  asOfMs: Date.parse('2026-03-02T15:00:00Z'),
};
const runningTap: RunningWaterEvidence = {
  detector: 'running-water',
  hours: 3,
  leastLitresPerHour: 58,
  litres: 181,
  asOfMs: Date.parse('2026-03-02T16:30:00Z'),
};

describe('the reason of an alert', () => {
  it('tells how little water ran, against what, and when the last did', () => {
    expect(reasonFor(stillHome, 'en', 'Asia/Shanghai')).toBe(
      'By 2 Mar 23:00, only 2 L of water in 24 h (under 6 L); last use: 1 Mar 21:05.',
    );
    expect(reasonFor(stillHome, 'zh-CN', 'Asia/Shanghai')).toBe(
      '截至3月2日23:00，24小时内仅用水2升（低于6升）；最近一次用水：3月1日21:05。',
    );
  });

  it('calls nothing nothing, and keeps the figure it is measured by', () => {
    const still = { ...stillHome, litres: 0 };
    expect(reasonFor(still, 'en', 'Asia/Shanghai')).toBe(
      'By 2 Mar 23:00, no water had been used in 24 h (under 6 L is too little); last use: 1 Mar 21:05.',
    );
    expect(reasonFor(still, 'zh-CN', 'Asia/Shanghai')).toBe(
      '截至3月2日23:00，24小时内未用水（低于6升就要提醒）；最近一次用水：3月1日21:05。',
    );
  });

  it('says so when no use is on record at all', () => {
    const neverUsed = { ...stillHome, lastUseAtMs: undefined };
    expect(reasonFor(neverUsed, 'en', 'Asia/Shanghai')).toContain('last use: none on record.');
    expect(reasonFor(neverUsed, 'zh-CN', 'Asia/Shanghai')).toContain('最近一次用水：无记录。');
  });

  it('tells how long the tap has run and how strongly', () => {
    expect(reasonFor(runningTap, 'en', 'Asia/Shanghai')).toBe(
      'By 3 Mar 00:30, water had run without a stop for 3 h, never under 58 L an hour, 181 L in all.',
    );
    expect(reasonFor(runningTap, 'zh-CN', 'Asia/Shanghai')).toBe(
      '截至3月3日00:30，水已连续流3小时，每小时不少于58升，共181升。',
    );
  });

  it('tells how much ran where the volume counts and not the flow', () => {
    const burst = { ...runningTap, leastLitresPerHour: 0, litres: 1_050 };
    expect(reasonFor(burst, 'en', 'Asia/Shanghai')).toBe('By 3 Mar 00:30, 1050 L of water had run within 3 h.');
    expect(reasonFor(burst, 'zh-CN', 'Asia/Shanghai')).toBe('截至3月3日00:30，3小时内用水1050升。');
  });

  it('reads the clock on the wall of the home, in summer as in winter', () => {
    expect(wallClock(Date.parse('2026-03-29T00:30:00Z'), 'en', 'Europe/Vienna')).toBe('29 Mar 01:30');
    expect(wallClock(Date.parse('2026-03-29T01:30:00Z'), 'en', 'Europe/Vienna')).toBe('29 Mar 03:30');
  });
});
