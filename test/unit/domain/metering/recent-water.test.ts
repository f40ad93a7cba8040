import { describe, expect, it } from 'vitest';
import { addDays } from '../../../../src/domain/local-day.ts';
import { type DayOfWater, firstDayLookedAt, recentWater } from '../../../../src/domain/metering/recent-water.ts';

const TODAY = '2026-03-02';
const day = (ago: number, litres: number, knownShare = 1): DayOfWater => ({
  localDay: addDays(TODAY, -ago),
  litres,
  knownShare,
});
const weeks = (litres: (ago: number) => number) => Array.from({ length: 35 }, (_, i) => day(34 - i, litres(34 - i)));

describe("a home's last days", () => {
  it('are seven, today being the last, beside an ordinary day of the four weeks before', () => {
    const water = recentWater(
      weeks((ago) => (ago < 7 ? ago : 90 + ago)),
      TODAY,
    );

    expect(water?.days.map(({ litres }) => litres)).toEqual([6, 5, 4, 3, 2, 1, 0]);
    expect(water?.days[6]?.localDay).toBe(TODAY);
    expect(water?.usualLitres).toBe(Math.round(90 + (7 + 34) / 2));
    expect(firstDayLookedAt(TODAY)).toBe('2026-01-27');
  });

  it('give no figure for a day of which too little is known: that is neither calm nor danger', () => {
    const water = recentWater([day(3, 0, 0.5), day(2, 80, 0.95), day(1, 70, 0.89), day(0, 0, 0.3)], TODAY);

    expect(water?.days.map(({ litres }) => litres)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      80,
      undefined,
      0,
    ]);
  });

  it('do not call a day ordinary when fewer than seven are known', () => {
    expect(recentWater([...weeks(() => 100).slice(28), ...weeks(() => 100).slice(0, 6)], TODAY)?.usualLitres).toBe(
      undefined,
    );
    expect(recentWater([...weeks(() => 100).slice(28), ...weeks(() => 100).slice(0, 7)], TODAY)?.usualLitres).toBe(100);
  });

  it('are not shown when nothing is known of them', () => {
    expect(recentWater(weeks(() => 100).slice(0, 28), TODAY)).toBe(undefined);
    expect(recentWater([day(0, 0, 0)], TODAY)).toBe(undefined);
  });
});
