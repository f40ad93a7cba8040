import { describe, expect, it } from 'vitest';
import { homeUse } from '../../../../src/domain/habit/home-use.ts';
import { hour, hours, times } from './hours.ts';

const usesOf = (...meters: readonly (readonly (number | undefined)[])[]) =>
  homeUse(meters.map((hourly) => ({ intervals: hours(hourly) }))).map(({ use }) => use);

describe('water that people drew', () => {
  it('is told from none by one pulse of the meter', () => {
    expect(usesOf([0, 1, 0])).toEqual(['none', 'drawn', 'none']);
  });

  it('is told from a drip by two litres more than drips', () => {
    const [first, second, third] = usesOf([...times(30, 3), 3, 4, 5]).slice(-3);
    expect([first, second, third]).toEqual(['none', 'none', 'drawn']);
  });

  it('is proved in a gap by five litres, and neither proved nor ruled out by fewer', () => {
    expect(usesOf([0, undefined, 5])).toEqual(['none', 'drawn']);
    expect(usesOf([0, undefined, 4])).toEqual(['none', 'unknown']);
    expect(usesOf([0, undefined, 0])).toEqual(['none', 'none']);
  });

  it('is not proved in a gap by what a leak lets run', () => {
    expect(usesOf([...times(30, 3), ...times(3, undefined), 12]).at(-1)).toBe('none');
    expect(usesOf([...times(30, 3), ...times(3, undefined), 17]).at(-1)).toBe('drawn');
  });
});

describe('a home with two meters', () => {
  it('uses water when one of them does, and is still only when both are known to be', () => {
    expect(usesOf([0, 2, 0, 0], [0, 0, undefined, 3])).toEqual(['none', 'drawn', 'unknown', 'unknown']);
  });

  it('adds up what drips from each', () => {
    const spans = homeUse([{ intervals: hours(times(30, 2)) }, { intervals: hours(times(30, 3)) }]);
    expect(spans.at(-1)).toEqual({ fromMs: hour(29), toMs: hour(30), use: 'none', baseLitresPerHour: 5 });
  });
});
