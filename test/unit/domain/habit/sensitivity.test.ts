import { describe, expect, it } from 'vitest';
import { withoutLeftOut } from '../../../../src/domain/habit/left-out.ts';
import type { DatedPause } from '../../../../src/domain/habit/pause.ts';
import { packPauses, unpackPauses } from '../../../../src/domain/habit/packed-pauses.ts';
import { pauseLimit } from '../../../../src/domain/habit/pause-limit.ts';
import { boundedStep, sensitised, stepDuring } from '../../../../src/domain/habit/sensitivity.ts';
import { inactivityRule, TIERS } from '../../../../src/detectors/tier-policy.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/domain/time.ts';

const STEPS = [-3, -2, -1, 0, 1, 2, 3];
const pause = (startHour: number, lastedHours: number): DatedPause => ({
  startMs: startHour * HOUR_MS,
  shownDayMs: Math.floor((startHour + lastedHours) / 24) * DAY_MS,
  startHour,
  lastedMs: lastedHours * HOUR_MS,
  isDayOff: false,
  hoursOfUseBefore: 8,
});

describe('the sensitivity of a home', () => {
  it('brings the limit no later with any step up, never beyond the cap and never under the least hours', () => {
    // Nights of eight hours of which some grow longer and longer, in a home that is known for four months.
    const past = packPauses(
      Array.from({ length: 120 }, (_, night) => pause(22, 8 + (night % 12 === 0 ? night / 12 : 0))),
    );
    for (const rule of TIERS.map(inactivityRule)) {
      const limits = STEPS.map((step) => pauseLimit(pause(22, 0), past, sensitised(rule, step)).hours);
      expect(limits).toEqual(limits.toSorted((a, b) => b - a));
      expect(limits[0]).toBeGreaterThan(limits.at(-1)!);
      expect(limits[0]).toBeLessThanOrEqual(rule.capHours);
      expect(limits.at(-1)).toBeGreaterThanOrEqual(rule.leastHours);
    }
  });

  it('stays within its bounds, which are narrower for whoever is most at risk', () => {
    expect(STEPS.map((step) => boundedStep(2 * step, 2))).toEqual([-3, -3, -2, 0, 2, 3, 3]);
    expect(STEPS.map((step) => boundedStep(step, 1))).toEqual([-1, -1, -1, 0, 1, 2, 3]);
  });

  it('grows at once and shrinks with the next pause', () => {
    const changes = [
      { atMs: 10, step: 1 },
      { atMs: 20, step: -1 },
    ];
    expect([stepDuring(changes, 5, 9), stepDuring(changes, 5, 10), stepDuring(changes, 5, 30)]).toEqual([0, 1, 1]);
    expect([stepDuring(changes, 15, 30), stepDuring(changes, 20, 30)]).toEqual([1, -1]);
  });
});

describe('pauses that say nothing of a home', () => {
  const QUARTER_MS = 15 * MINUTE_MS;
  const dated = (startsAt: number, lasted: number) => ({
    ...pause((startsAt * QUARTER_MS) / HOUR_MS, 0),
    lastedMs: lasted * QUARTER_MS,
  });
  const pauses = packPauses([dated(0, 10), dated(20, 10), dated(40, 10)]);
  const incident = { fromMs: 22 * QUARTER_MS, untilMs: 40 * QUARTER_MS, knownFromMs: 50, knownUntilMs: 90 };

  it('are left out from the moment that this is known until it is taken back, and those that only border on it are not', () => {
    const startsAt = (atMs: number) =>
      unpackPauses(withoutLeftOut(pauses, [incident], atMs)).map(({ startMs }) => startMs / QUARTER_MS);
    expect([startsAt(49), startsAt(50), startsAt(89), startsAt(90)]).toEqual([
      [0, 20, 40],
      [0, 40],
      [0, 40],
      [0, 20, 40],
    ]);
  });
});
