import { describe, expect, it } from 'vitest';
import { dryRuns } from '../../../../src/domain/habit/dry-run.ts';
import { homeUse } from '../../../../src/domain/habit/home-use.ts';
import { hour, hours, times } from './hours.ts';

const runsOf = (...hourly: readonly (number | undefined)[]) => dryRuns(homeUse([{ intervals: hours(hourly) }]));

describe('the dry runs of a home', () => {
  it('last from one use to the next, and are shown to be over by the reading after it', () => {
    expect(runsOf(9, 0, 0, 0, 9)).toEqual([
      { startMs: hour(1), endMs: hour(4), shownMs: hour(5), isAfterUse: true, hoursOfUseBefore: 1 },
    ]);
  });

  it('count the hours of use in the day before them', () => {
    expect(runsOf(...times(3, 9), 0, 9, ...times(25, 0), 9, 0).map((run) => run.hoursOfUseBefore)).toEqual([3, 4, 1]);
  });

  it('are broken off by time of which nothing is known, and begin anew after it', () => {
    expect(runsOf(9, 0, 0, undefined, undefined, 3, 0, 0, 9)).toEqual([
      { startMs: hour(1), endMs: hour(3), shownMs: undefined, isAfterUse: true, hoursOfUseBefore: 1 },
      { startMs: hour(6), endMs: hour(8), shownMs: hour(9), isAfterUse: false, hoursOfUseBefore: 1 },
    ]);
  });

  it('are not broken off by a reading or two that were lost, until more than a tenth of a day is unknown', () => {
    expect(runsOf(9, 0, 0, undefined, 3, 0, 0, 9)).toMatchObject([{ startMs: hour(1), endMs: hour(7) }]);
    expect(runsOf(9, undefined, 3, 0, 9)).toMatchObject([{ startMs: hour(3), isAfterUse: false }]);
    expect(runsOf(9, 0, 0, undefined, 3, 0, undefined, 3, 0, 9)).toMatchObject([
      { startMs: hour(1), endMs: hour(6) },
      { startMs: hour(8), endMs: hour(9) },
    ]);
  });

  it('go on at the newest reading', () => {
    expect(runsOf(9, 0, 0).at(-1)).toMatchObject({ endMs: hour(3), shownMs: undefined });
    expect(runsOf()).toEqual([]);
  });
});
