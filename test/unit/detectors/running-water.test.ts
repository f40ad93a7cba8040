import { describe, expect, it } from 'vitest';
import { homeSeries, type MeterSeries } from '../../../src/detectors/home-series.ts';
import { runningWater } from '../../../src/detectors/running-water.ts';
import { NO_HABIT } from '../../../src/domain/habit/home-habit.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { episodesOf, home, hour, hoursOf } from './homes.ts';

const rule = {
  flows: [
    { hours: 2, litresPerHour: 200 },
    { hours: 4, litresPerHour: 60 },
  ],
  volumes: [{ hours: 4, litres: 1_000 }],
};
const episodes = (...args: Parameters<typeof home>) => episodesOf(runningWater, home(...args), rule);

describe('running water', () => {
  it('speaks after two hours of an open tap', () => {
    const [episode] = episodes([5, 0, 0, 220, 230, 240]);

    expect(episode?.beganAtMs).toBe(hour(5));
    expect(episode?.evidence).toEqual({
      detector: 'running-water',
      hours: 2,
      leastLitresPerHour: 220,
      litres: 450,
      asOfMs: hour(5),
    });
  });

  it('does not mistake a long bath for it', () => {
    expect(episodes([5, 260, 40, 0, 0])).toEqual([]);
  });

  it('finds a smaller flow when it lasts longer', () => {
    expect(episodes([0, ...hoursOf(4, 61)])).toHaveLength(1);
    expect(episodes([0, ...hoursOf(4, 59)])).toEqual([]);
  });

  it('finds a great volume however it ran', () => {
    expect(episodes([0, 700, 0, 300, 0])).toHaveLength(1);
  });

  it('does not fill in hours that were not heard', () => {
    expect(episodes([0, 250, undefined, undefined, 250])).toEqual([]);
  });

  it('ends when the tap is closed', () => {
    const [episode] = episodes([0, 220, 230, 0]);

    expect(episode?.endedAtMs).toBe(hour(4));
  });

  it('speaks in a home whose people are away', () => {
    const away = { kind: 'absence' as const, fromMs: hour(0), untilMs: hour(90) };

    expect(episodes([0, 220, 230], [away])).toHaveLength(1);
  });

  it('waits a day after a home check before it speaks of the same water again', () => {
    const check = { kind: 'check' as const, fromMs: hour(4), untilMs: hour(4) };
    const found = episodes([0, ...hoursOf(40, 220)], [check]);

    expect(found.map(({ beganAtMs }) => beganAtMs)).toEqual([hour(3), hour(29)]);
  });

  it('counts a flow or a volume that just reaches its limit', () => {
    expect(episodes([0, 200, 200])).toHaveLength(1);
    expect(episodes([0, 199, 500])).toEqual([]);
    expect(episodes([0, 600, 0, 400, 0])).toHaveLength(1);
    expect(episodes([0, 600, 0, 399, 0])).toEqual([]);
  });

  it('says the least flow in whole litres an hour, whatever the time between two readings', () => {
    const intervals = [0, 1, 2, 3].map((i) => ({
      fromMs: hour(i * 0.75),
      toMs: hour((i + 1) * 0.75),
      volumeLitres: litres(i === 0 ? 1 : 156 + i),
      kind: 'measured' as const,
    }));
    const [meter] = home([]).meters;
    const [episode] = episodesOf(runningWater, homeSeries({ meters: [{ ...meter!, intervals }], excuses: [] }), rule);

    expect(episode).toMatchObject({ beganAtMs: hour(3), evidence: { leastLitresPerHour: 209, litres: 474 } });
  });

  it('is not ended by hours that were not heard, though little ran in them', () => {
    const [episode] = episodes([0, 220, 230, undefined, undefined, 3]);

    expect(episode?.endedAtMs).toBeUndefined();
  });

  describe('at one of two meters', () => {
    const bath = (litresByHour: (number | undefined)[], more: Partial<MeterSeries> = {}): MeterSeries => {
      const [meter] = home(litresByHour).meters;
      const intervals = meter!.intervals.map((interval) => ({
        ...interval,
        fromMs: interval.fromMs + HOUR_MS / 2,
        toMs: interval.toMs + HOUR_MS / 2,
      }));
      return { ...meter!, meterId: 2, intervals, ...more };
    };
    const found = (kitchen: (number | undefined)[], second: MeterSeries) =>
      episodesOf(runningWater, homeSeries({ meters: [...home(kitchen).meters, second], excuses: [] }), rule).map(
        ({ beganAtMs, endedAtMs }) => [beganAtMs, endedAtMs],
      );

    it('goes on while the other is read', () => {
      expect(found(hoursOf(9, 1), bath([0, 220, 230, 240, 250, 0, 0]))).toEqual([[hour(3.5), hour(6.5)]]);
    });

    it('is not over because its meter falls silent', () => {
      expect(found(hoursOf(30, 1), bath([0, 220, 230]))).toEqual([[hour(3.5), undefined]]);
    });

    it('is over for this home when its meter is taken away', () => {
      expect(found(hoursOf(9, 1), bath([0, 220, 230], { boundUntilMs: hour(3.7) }))).toEqual([[hour(3.5), hour(4)]]);
    });

    it('does not count what a meter saw before it came to the home', () => {
      expect(found(hoursOf(9, 1), bath([0, 220, 230, 0, 0], { boundFromMs: hour(4) }))).toEqual([]);
    });

    it('is ended by its own meter though the other has never spoken', () => {
      expect(found([], bath([0, 220, 230, 0]))).toEqual([[hour(3.5), hour(4.5)]]);
    });
  });

  it('takes a reading a few seconds short of the hour for the reading of that hour', () => {
    const { meters } = home([5, 0, 220, 230]);
    const wandering = meters.map((meter) => ({
      ...meter,
      intervals: meter.intervals.map((interval, i) => ({
        ...interval,
        fromMs: interval.fromMs - i * 4_000,
        toMs: interval.toMs - (i + 1) * 4_000,
      })),
    }));

    expect(episodesOf(runningWater, homeSeries({ meters: wandering, excuses: [] }), rule)).toHaveLength(1);
  });
});

describe('running water in a home that is known', () => {
  /** Whoever lives here waters the garden for three hours every evening. */
  const gardener = [...hoursOf(18, 2), ...hoursOf(3, 250), ...hoursOf(3, 0)];
  const lived = (...today: (number | undefined)[]) =>
    homeSeries({ ...home([...Array.from({ length: 5 }, () => gardener).flat(), ...today]), habit: NO_HABIT });
  const personal = { ...rule, timesUsual: 1.1 };

  it('is what runs harder than it ever did of late', () => {
    expect(episodesOf(runningWater, lived(0, 274, 274), personal).filter(isToday)).toEqual([]);
    expect(episodesOf(runningWater, lived(0, 276, 276), personal).filter(isToday)).toHaveLength(1);
  });

  it('is judged by the days before and not by itself, and by the fixed floor where the past does not count', () => {
    expect(episodesOf(runningWater, lived(), personal).map(({ beganAtMs }) => beganAtMs)).toEqual([hour(20)]);
    expect(episodesOf(runningWater, lived(), rule)).toHaveLength(5);
  });

  it('is found by a longer flow, however much the home is used to in a short one', () => {
    expect(episodesOf(runningWater, lived(...hoursOf(4, 70)), personal).filter(isToday)).toHaveLength(1);
  });

  function isToday({ beganAtMs }: { readonly beganAtMs: number }): boolean {
    return beganAtMs > hour(120);
  }
});
