import { describe, expect, it } from 'vitest';
import {
  CANNOT_TELL,
  type Condition,
  firstDenial,
  HOLDS_NOT,
  isExcused,
  joinEpisodes,
  momentsOf,
} from '../../../src/detectors/detector.ts';
import type { Evidence } from '../../../src/domain/alerting/finding.ts';
import { home, hour, hoursOf } from './homes.ts';

const holds = (asOfMs: number): Condition => ({ holds: true, evidence: { asOfMs } as Evidence });
/** Y the condition holds, n it does not, ? nobody can tell; one moment an hour. */
const told = (story: string) => (atMs: number) => {
  const sign = story[(atMs - hour(0)) / (hour(1) - hour(0))];
  if (sign === 'Y') return holds(atMs);
  return sign === 'n' ? HOLDS_NOT : CANNOT_TELL;
};
const momentsIn = (story: string) => Array.from(story, (_, i) => hour(i));
const episodesIn = (story: string) =>
  joinEpisodes(momentsIn(story), told(story)).map(({ beganAtMs, endedAtMs, evidence }) => {
    expect(evidence.asOfMs).toBe(beganAtMs);
    return [beganAtMs, endedAtMs];
  });

describe('an episode', () => {
  it('begins with the first moment at which the condition holds and ends with the first at which it does not', () => {
    expect(episodesIn('nnYYYnnY')).toEqual([
      [hour(2), hour(5)],
      [hour(7), undefined],
    ]);
  });

  it('is neither begun nor ended by moments of which nobody can tell', () => {
    expect(episodesIn('??Y??Y?n?')).toEqual([[hour(2), hour(7)]]);
    expect(episodesIn('n???n')).toEqual([]);
  });

  it('that had begun before the first moment goes on until a moment at which the condition does not hold', () => {
    const begun = { beganAtMs: hour(-900), evidence: { asOfMs: hour(-900) } as Evidence };
    const goesOn = (story: string) => joinEpisodes(momentsIn(story), told(story), begun);

    expect(goesOn('Y?Y')).toEqual([{ ...begun, endedAtMs: undefined }]);
    expect(goesOn('')).toEqual([{ ...begun, endedAtMs: undefined }]);
    expect(goesOn('?nnY')).toMatchObject([
      { beganAtMs: hour(-900), endedAtMs: hour(1) },
      { beganAtMs: hour(3), endedAtMs: undefined },
    ]);
  });

  it('is denied by the first moment from its beginning on at which the condition is seen not to hold', () => {
    const denied = (story: string, from: number) => firstDenial(momentsIn(story), told(story), hour(from));

    expect(denied('nnnYn', 2)).toBe(hour(2));
    expect(denied('nn?Yn', 2)).toBe(hour(4));
    expect(denied('nn?YY', 2)).toBeUndefined();
  });
});

describe('the moments of a home', () => {
  const kitchen = home(hoursOf(3, 1)).meters;
  const bath = kitchen.map((meter) => ({
    ...meter,
    intervals: meter.intervals.map((interval) => ({ ...interval, toMs: interval.toMs - 1 })),
  }));

  it('are those of every meter in order, each once', () => {
    expect(momentsOf({ meters: [...kitchen, ...kitchen, ...bath] })).toEqual([
      hour(1) - 1,
      hour(1),
      hour(2) - 1,
      hour(2),
      hour(3) - 1,
      hour(3),
    ]);
  });

  it('are those from the change on: what was before is there as their past', () => {
    expect(momentsOf({ meters: kitchen, judgedFromMs: hour(2) })).toEqual([hour(2), hour(3)]);
  });
});

describe('an excuse', () => {
  const away = { ...home([]), excuses: [{ kind: 'absence' as const, fromMs: hour(10), untilMs: hour(20) }] };

  it.each([
    [5, 9, false],
    [5, 10, true],
    [12, 13, true],
    [20, 30, true],
    [21, 30, false],
  ])('for the hours 10 to 20 covers the window from %i to %i: %s', (from, until, covers) => {
    expect(isExcused(away, ['absence'], hour(from), hour(until))).toBe(covers);
    expect(isExcused(away, ['check'], hour(from), hour(until))).toBe(false);
  });
});
