import { describe, expect, it } from 'vitest';
import { provedReturn } from '../../../../src/domain/alerting/return-of-people.ts';
import { homeUse } from '../../../../src/domain/habit/home-use.ts';
import type { IntervalConsumption } from '../../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../../src/domain/metering/units.ts';

const HOUR_MS = 3_600_000;

/** Readings every so many hours from time 0 on, with the litres of each interval. */
function meter(everyHours: number, ...volumes: number[]): { intervals: IntervalConsumption[] } {
  const intervals = volumes.map((volume, i): IntervalConsumption => {
    const [fromMs, toMs] = [i, i + 1].map((n) => n * everyHours * HOUR_MS);
    return { kind: 'measured', fromMs: fromMs ?? 0, toMs: toMs ?? 0, volumeLitres: litres(volume) };
  });
  return { intervals };
}

/** The hour at which the return is proved. */
function returned(meters: ReturnType<typeof meter>[], sinceHour = 0): number | undefined {
  const times = { sinceMs: sinceHour * HOUR_MS, untilMs: 1_000 * HOUR_MS };
  const atMs = provedReturn(meters, homeUse(meters), times);
  return atMs === undefined ? undefined : atMs / HOUR_MS;
}

describe('water in an empty home', () => {
  it('proves a return with five litres in an hour, or in two, and not with four', () => {
    expect(returned([meter(1, 0, 0, 5)])).toBe(3);
    expect(returned([meter(1, 0, 2, 3)])).toBe(3);
    expect(returned([meter(1, 0, 0, 4)])).toBeUndefined();
    expect(returned([meter(1, 0, 3, 0, 0, 3)])).toBeUndefined();
  });

  it('does not take a slow drip for people, however many litres it adds up to', () => {
    const drip = Array.from({ length: 240 }, (_, hour) => (hour % 4 === 0 ? 1 : 0));
    expect(returned([meter(1, ...drip)])).toBeUndefined();
    expect(returned([meter(24, 6, 6, 6, 6)])).toBeUndefined();
    expect(returned([meter(1, ...Array.from({ length: 100 }, () => 3))])).toBeLessThan(3);
  });

  it('sees people in a meter that is read once a day', () => {
    expect(returned([meter(24, 6, 6, 30)])).toBe(72);
  });

  it('does not count what ran before the absence, and sees it on any meter', () => {
    expect(returned([meter(1, 20, 0, 0)], 1)).toBeUndefined();
    expect(returned([meter(1, 0, 0, 0), meter(1, 0, 7, 0)], 1)).toBe(2);
  });
});
