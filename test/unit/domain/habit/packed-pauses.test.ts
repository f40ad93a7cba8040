import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  eachPause,
  firstPauseMs,
  packPauses,
  pauseCount,
  pausesOutside,
  pausesShown,
  unpackPauses,
} from '../../../../src/domain/habit/packed-pauses.ts';
import type { DatedPause } from '../../../../src/domain/habit/pause.ts';
import { DAY_MS, HOUR_MS, QUARTER_HOUR_MS } from '../../../../src/domain/time.ts';
import { STARTS_MS, times } from './hours.ts';

const THREE_WEEKS_MS = 2_047 * QUARTER_HOUR_MS;
const midnightOf = (atMs: number) => Math.floor(atMs / DAY_MS) * DAY_MS;

function pauseOf(startQuarter: number, lasted: number, more: Partial<DatedPause> = {}): DatedPause {
  const startMs = STARTS_MS + startQuarter * QUARTER_HOUR_MS;
  const lastedMs = lasted * QUARTER_HOUR_MS;
  return {
    startMs,
    shownDayMs: midnightOf(startMs + lastedMs),
    lastedMs,
    startHour: (startMs - midnightOf(startMs)) / HOUR_MS,
    isDayOff: false,
    hoursOfUseBefore: 5,
    ...more,
  };
}

/** Pauses one after the other, up to three weeks long, as a home has them. */
const row = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 2_047 }), fc.boolean(), fc.nat(25)))
  .map((steps) => {
    let quarter = 0;
    return steps.map(([awake, lasted, isDayOff, hoursOfUseBefore]) => {
      const pause = pauseOf((quarter += awake), lasted, { isDayOff, hoursOfUseBefore });
      quarter += lasted;
      return pause;
    });
  });

describe('pauses in words', () => {
  it('are what was packed', () => {
    fc.assert(
      fc.property(row, (pauses) => {
        const packed = packPauses(pauses);

        expect(unpackPauses(packed)).toEqual(pauses);
        expect(pauseCount(packed)).toBe(pauses.length);
        expect(firstPauseMs(packed)).toBe(pauses[0]?.startMs);
        const weighed: unknown[] = [];
        eachPause(packed, (...pause) => weighed.push(pause));
        expect(weighed).toEqual(
          pauses.map(({ startHour, lastedMs, hoursOfUseBefore, isDayOff }) => [
            startHour * 4,
            lastedMs / QUARTER_HOUR_MS,
            hoursOfUseBefore,
            isDayOff,
          ]),
        );
      }),
    );
  });

  it('are cut by the days on which they were shown to be over', () => {
    fc.assert(
      fc.property(row, fc.nat(40), fc.nat(40), (pauses, firstDay, days) => {
        const fromMs = STARTS_MS + firstDay * DAY_MS;
        const beforeMs = fromMs + days * DAY_MS;

        expect(unpackPauses(pausesShown(packPauses(pauses), fromMs, beforeMs))).toEqual(
          pauses.filter(({ shownDayMs }) => shownDayMs >= fromMs && shownDayMs < beforeMs),
        );
      }),
    );
  });

  it('may be more on a day than a word can count', () => {
    const many = times(2_500, pauseOf(3, 0));

    expect(unpackPauses(packPauses(many))).toEqual(many);
  });

  it('are cut to three weeks, and touch what happened until they were shown to be over all the same', () => {
    const long = pauseOf(30, 40 * 96);
    const packed = packPauses([long]);
    const lateMs = long.startMs + 35 * DAY_MS;

    expect(unpackPauses(packed)).toEqual([{ ...long, lastedMs: THREE_WEEKS_MS }]);
    expect(pausesOutside(packed, [{ fromMs: lateMs, untilMs: lateMs + DAY_MS }])).toHaveLength(0);
    expect(pausesOutside(packed, [{ fromMs: lateMs + 6 * DAY_MS, untilMs: lateMs + 7 * DAY_MS }])).toEqual(packed);
  });
});
