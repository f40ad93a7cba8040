import { describe, expect, it } from 'vitest';
import { homeSeries } from '../../../src/detectors/home-series.ts';
import { inactivity, type InactivityRule } from '../../../src/detectors/inactivity.ts';
import { NOTHING_LEARNED } from '../../../src/detectors/learned.ts';
import { inactivityRule, TIERS } from '../../../src/detectors/tier-policy.ts';
import { NO_HABIT } from '../../../src/domain/habit/home-habit.ts';
import { episodesOf, home, hour, hoursOf } from './homes.ts';

const DAYS = 60;
/** When the last night begins, and when somebody looked in. */
const LAST = DAYS * 24 + 22;
const CHECK = LAST + 1;
const day = [...hoursOf(7, 0), ...hoursOf(15, 8), 0, 0];
/** People who sleep from ten to seven; from ten of the last day on no water is used any more. */
const lived = [...Array.from({ length: DAYS }, () => day).flat(), ...day.slice(0, 22), ...hoursOf(60, 0)];

/** How many hours after a home check the home is spoken of, or after the last water where there was none. */
function foundAfter(rule: InactivityRule, isChecked = true): number {
  const check = { kind: 'check' as const, fromMs: hour(CHECK), untilMs: hour(CHECK) };
  const { meters } = home(lived);
  const excuses = isChecked ? [check] : [];
  const series = homeSeries({
    meters,
    excuses,
    habit: NO_HABIT,
    learned: NOTHING_LEARNED,
    judgedFromMs: hour(LAST),
  });
  const [episode] = episodesOf(inactivity, series, rule);
  return (episode!.beganAtMs - hour(isChecked ? CHECK : LAST)) / 3_600_000;
}

describe('a home that is still dry after a home check found all well', () => {
  const usual = { ...inactivityRule(2), quietAfterCheckHours: undefined };

  it('is spoken of again by its own past, and not before its time of quiet is over', () => {
    const bare = foundAfter(usual);
    expect(bare).toBeLessThan(16);
    expect(foundAfter({ ...usual, quietAfterCheckHours: 20 })).toBe(20);
    expect(foundAfter({ ...usual, quietAfterCheckHours: 4 })).toBe(bare);
  });

  it('is never spoken of later than the cap, whatever a policy says', () => {
    expect(foundAfter({ ...usual, capHours: 18, quietAfterCheckHours: 24 })).toBe(18);
  });

  it('is quiet the shorter the more its people are at risk, and never for as long as the cap', () => {
    expect(TIERS.map((tier) => inactivityRule(tier).quietAfterCheckHours)).toEqual([8, 12, 16]);
  });
});

it('changes nothing of a pause without a home check', () => {
  const usual = inactivityRule(2);
  expect(foundAfter({ ...usual, quietAfterCheckHours: 20 }, false)).toBe(foundAfter(usual, false));
});
