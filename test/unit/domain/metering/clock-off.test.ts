import { describe, expect, it } from 'vitest';
import { clocksOff, type Delay } from '../../../../src/domain/metering/clock-off.ts';

const meter = (meterId: number, leastDelayMin: number, more: Partial<Delay> = {}): Delay => ({
  meterId,
  place: 'gateway G1',
  leastDelayMin,
  arrivals: 24,
  ...more,
});
const neighbours = (delay: number, place = 'gateway G1') => [2, 3, 4, 5, 6].map((id) => meter(id, delay, { place }));

describe('the clock of a meter', () => {
  it('is ahead by ten minutes where a reading comes from so far in the future, however seldom it uploads', () => {
    expect(clocksOff([meter(1, -10, { arrivals: 1 })])).toEqual([{ meterId: 1, aheadMinutes: 10 }]);
    expect(clocksOff([meter(1, -9.9)])).toEqual([]);
  });

  it('is behind where its readings come ten minutes later than those of its neighbours', () => {
    expect(clocksOff([meter(1, 10.5), ...neighbours(0.5)])).toEqual([{ meterId: 1, aheadMinutes: -10 }]);
    expect(clocksOff([meter(1, 10), ...neighbours(0.5)])).toEqual([]);
  });

  it('is not blamed for a way that delays all, nor where few uploads a day tell of it', () => {
    expect(clocksOff([meter(1, 31), ...neighbours(30)])).toEqual([]);
    expect(clocksOff([meter(1, 240, { arrivals: 1 }), ...neighbours(0.5)])).toEqual([]);
  });

  it('is compared with all others where it has few neighbours, and with nobody where there are few at all', () => {
    const alone = meter(1, 20, { place: 'gateway G2' });
    expect(clocksOff([alone, ...neighbours(1)])).toEqual([{ meterId: 1, aheadMinutes: -19 }]);
    expect(clocksOff([alone, ...neighbours(1).slice(0, 2)])).toEqual([]);
  });
});
