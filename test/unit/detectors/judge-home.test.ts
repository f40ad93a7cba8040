import { describe, expect, it } from 'vitest';
import type { Excuse, HomeSeries } from '../../../src/detectors/home-series.ts';
import { judgeHome, lookbackMsOf } from '../../../src/detectors/judge-home.ts';
import { tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { home, hour, hoursOf } from './homes.ts';

const policy = tierPolicies()[2];
const heardAt = (...hours: number[]) => hours.map((at, i) => ({ meterId: i + 1, lastHeardMs: hour(at) }));
const still = (excuses: readonly Excuse[] = []) => home([...hoursOf(10, 12), ...hoursOf(25, 0)], excuses);
const tellable = (series: HomeSeries, heard: ReturnType<typeof heardAt>, nowMs: number) =>
  judgeHome(series, heard, policy, nowMs)
    .found.filter(({ isTellable }) => isTellable)
    .map(({ detector }) => detector);

describe('a home that was heard of', () => {
  it('is judged by its newest reading until that is 26 hours old', () => {
    expect(judgeHome(still(), heardAt(35), policy, hour(35))).toMatchObject({
      verdict: 'NOT_USED',
      lastReadMs: hour(35),
      lastUseMs: hour(10),
      silentMeters: [],
      nextCheckMs: hour(61),
    });
    expect(judgeHome(still(), heardAt(60), policy, hour(61) - 1)).toMatchObject({ verdict: 'NOT_USED' });
    expect(judgeHome(still(), heardAt(60), policy, hour(61))).toMatchObject({ verdict: 'CANNOT_TELL' });
  });

  it('is unwatched as soon as one of its meters has been silent for 26 hours', () => {
    expect(judgeHome(still(), heardAt(35, 9), policy, hour(35) - 1)).toMatchObject({ silentMeters: [] });
    expect(judgeHome(still(), heardAt(35, 9), policy, hour(35))).toMatchObject({
      verdict: 'CANNOT_TELL',
      silentMeters: [{ meterId: 2 }],
    });
  });

  it('is looked at again when the next of its meters could be silent, or its newest reading too old', () => {
    expect(judgeHome(still(), heardAt(36, 30), policy, hour(36)).nextCheckMs).toBe(hour(56));
    expect(judgeHome(still(), heardAt(36, 36), policy, hour(36)).nextCheckMs).toBe(hour(61));
    expect(judgeHome(still(), heardAt(36, 5), policy, hour(36)).nextCheckMs).toBe(hour(61));
    expect(judgeHome(still(), heardAt(5), policy, hour(90)).nextCheckMs).toBeUndefined();
  });

  it('is unwatched while it has no reading at all', () => {
    expect(judgeHome(home([]), heardAt(0), policy, hour(1))).toMatchObject({
      verdict: 'CANNOT_TELL',
      lastReadMs: undefined,
      lastUseMs: undefined,
    });
  });
});

describe('a condition that holds', () => {
  const tap = home([...hoursOf(30, 5), 220, 230]);

  it('may be told while it is what the newest reading says', () => {
    expect(tellable(still(), heardAt(35), hour(35))).toEqual(['inactivity']);
    expect(tellable(tap, heardAt(32), hour(32))).toEqual(['running-water']);
  });

  it('may not be told once the newest reading is too old, or where there is none', () => {
    expect(tellable(still(), heardAt(60), hour(61))).toEqual([]);
    expect(tellable(home([]), heardAt(0), hour(1))).toEqual([]);
  });

  it('may be told of running water though another meter is silent, but not of stillness', () => {
    expect(tellable(still(), heardAt(35, 0), hour(35))).toEqual([]);
    expect(tellable(tap, heardAt(32, 0), hour(32))).toEqual(['running-water']);
  });

  it('is not told when somebody has looked since the newest reading, and is when it was before', () => {
    const check = (atMs: number): Excuse => ({ kind: 'check', fromMs: atMs, untilMs: atMs });
    expect(tellable(still([check(hour(36))]), heardAt(36), hour(36))).toEqual([]);
    expect(tellable(still([check(hour(12))]), heardAt(36), hour(36))).toEqual([]);
    expect(tellable(still([check(hour(10))]), heardAt(36), hour(36))).toEqual(['inactivity']);
  });

  it('is told although an absence begins only later', () => {
    const absence = { kind: 'absence' as const, fromMs: hour(36), untilMs: hour(90) };

    expect(tellable(still([absence]), heardAt(36), hour(36))).toEqual(['inactivity']);
  });
});

describe('the readings that a judgement needs', () => {
  it('reach back as far as the rule that looks back the furthest', () => {
    const inactivityNeeds = 24 + 26 + 24;
    const floorNeeds = 72 + 26;
    const withoutFloor = { ...policy, lowUse: { ...policy.lowUse, windowHours: 24 } };
    expect(lookbackMsOf(withoutFloor)).toBe(inactivityNeeds * HOUR_MS);
    expect(lookbackMsOf(policy)).toBe(floorNeeds * HOUR_MS);
    const lowUseNeeds = 96 + 26;
    expect(lookbackMsOf({ ...policy, lowUse: { ...policy.lowUse, windowHours: 96 } })).toBe(lowUseNeeds * HOUR_MS);
    const flow = { hours: 90, litresPerHour: 5 };
    expect(lookbackMsOf({ ...withoutFloor, runningWater: { flows: [flow], volumes: [] } })).toBe(90 * HOUR_MS);
    const volume = { hours: 95, litres: 9 };
    expect(lookbackMsOf({ ...withoutFloor, runningWater: { flows: [], volumes: [volume] } })).toBe(95 * HOUR_MS);
  });
});
