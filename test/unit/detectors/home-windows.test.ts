import { describe, expect, it } from 'vitest';
import type { MeterSeries } from '../../../src/detectors/home-series.ts';
import { homeWindows } from '../../../src/detectors/home-windows.ts';
import { home, hour, hoursOf } from './homes.ts';

/** A meter that was at the home between two hours and was read in every one of them. */
function meterBetween(fromHour: number, untilHour: number): MeterSeries {
  const [meter] = home(hoursOf(100, 0)).meters;
  const intervals = meter!.intervals.filter(({ fromMs, toMs }) => fromMs >= hour(fromHour) && toMs <= hour(untilHour));
  return { ...meter!, boundFromMs: hour(fromHour), boundUntilMs: hour(untilHour), intervals };
}

const coverages = (meters: readonly MeterSeries[], from: number, until: number) =>
  homeWindows({ meters }, hour(from), hour(until)).map(({ coverage }) => coverage);

describe('what is known of a home’s water in a window', () => {
  it('is everything when its one meter was read throughout', () => {
    expect(coverages([meterBetween(0, 50)], 10, 34)).toEqual([1]);
  });

  it('is everything when one meter followed another, whichever is named first', () => {
    expect(coverages([meterBetween(0, 20), meterBetween(20, 50)], 10, 30)).toEqual([1, 1]);
    expect(coverages([meterBetween(20, 50), meterBetween(0, 20)], 10, 30)).toEqual([1, 1]);
  });

  it('leaves out meters that were there only before or only after', () => {
    const [before, now, after] = [meterBetween(0, 10), meterBetween(0, 90), meterBetween(34, 90)];

    expect(coverages([before, now, after], 10, 34)).toEqual([1]);
  });

  it('lacks the time in which the home had no meter', () => {
    expect(coverages([meterBetween(0, 20), meterBetween(25, 50)], 10, 30)).toEqual([0.75, 0.75]);
    expect(coverages([meterBetween(25, 50), meterBetween(0, 20)], 10, 30)).toEqual([0.75, 0.75]);
    expect(coverages([meterBetween(15, 25)], 10, 30)).toEqual([0.5]);
    expect(coverages([], 10, 30)).toEqual([]);
  });

  it('lacks nothing where a second meter stood beside the first for a while only', () => {
    expect(coverages([meterBetween(0, 50), meterBetween(12, 20)], 10, 30)).toEqual([1, 1]);
  });

  it('lacks what the meter that was there did not report', () => {
    const broken = { ...meterBetween(0, 20), intervals: [] };

    expect(coverages([broken, meterBetween(20, 50)], 10, 30)).toEqual([0.5, 1]);
  });
});
