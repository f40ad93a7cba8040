import { describe, expect, it } from 'vitest';
import type { StandingFinding } from '../../../src/db/findings.ts';
import { planFindings } from '../../../src/detectors/reconcile-findings.ts';
import type { Episode, LowUseEvidence } from '../../../src/domain/alerting/finding.ts';
import { hour } from './homes.ts';

const evidence: LowUseEvidence = {
  detector: 'low-use',
  windowHours: 24,
  floorLitres: 6,
  litres: 0,
  lastUseAtMs: undefined,
  asOfMs: 0,
};
const episode = (from: number, to: number | undefined): Episode => ({
  beganAtMs: hour(from),
  endedAtMs: to === undefined ? undefined : hour(to),
  evidence,
});
const stored = (id: number, from: number, to: number | undefined): StandingFinding => ({
  id,
  householdId: 1,
  detector: 'low-use',
  beganAt: new Date(hour(from)),
  endedAt: to === undefined ? null : new Date(hour(to)),
  alertId: null,
});

/** What is to be done where the readings deny whatever no episode bears out. */
const plan = (standing: readonly StandingFinding[], episodes: readonly Episode[]) =>
  planFindings(standing, { episodes, deniedFrom: (fromMs) => fromMs });

describe('findings that are computed again', () => {
  it('are the same finding when they overlap, though late readings moved the beginning', () => {
    const planned = plan([stored(1, 10, undefined)], [episode(12, 20)]);

    expect(planned.moves.map(({ finding }) => finding.id)).toEqual([1]);
    expect(planned.inserts).toEqual([]);
    expect(planned.withdrawals).toEqual([]);
  });

  it('are withdrawn when late readings show water in between', () => {
    expect(plan([stored(1, 10, undefined)], []).withdrawals.map(({ id }) => id)).toEqual([1]);
  });

  it('are new when they touch none that stands', () => {
    const planned = plan([stored(1, 10, 12)], [episode(10, 12), episode(40, undefined)]);

    expect(planned.inserts).toEqual([episode(40, undefined)]);
  });

  it('are new when they began after what stands had ended', () => {
    expect(plan([stored(1, 10, 12)], [episode(40, 41)]).inserts).toEqual([episode(40, 41)]);
  });

  it('are new when they were over before what stands began', () => {
    expect(plan([stored(1, 30, 40)], [episode(10, 12), episode(30, 40)]).inserts).toEqual([episode(10, 12)]);
  });

  it('are one when late readings fill the hole between two: the one that somebody was woken for, if any', () => {
    const told = { ...stored(2, 20, undefined), alertId: 7 };
    const filled = { episodes: [episode(10, undefined)], deniedFrom: () => undefined };
    const idsOf = ({ moves, withdrawals }: ReturnType<typeof planFindings>) => ({
      kept: moves.map(({ finding }) => finding.id),
      withdrawn: withdrawals.map(({ id }) => id),
    });

    expect(idsOf(planFindings([stored(1, 10, 12), stored(2, 20, undefined)], filled))).toEqual({
      kept: [1],
      withdrawn: [2],
    });
    expect(idsOf(planFindings([stored(1, 10, 12), told], filled))).toEqual({ kept: [2], withdrawn: [1] });
    expect(planFindings([stored(1, 10, 12), told], filled)).toMatchObject({ inserts: [], ends: [] });
  });

  it('are neither taken back nor left open where the readings cannot tell of their beginning but of their end', () => {
    const unproved = { episodes: [], deniedFrom: () => hour(20) };

    expect(planFindings([stored(1, 10, undefined)], unproved)).toEqual({
      inserts: [],
      moves: [],
      ends: [{ finding: stored(1, 10, undefined), endedAtMs: hour(20) }],
      withdrawals: [],
    });
  });

  it('keep the first of two when water splits one in two', () => {
    const planned = plan([stored(1, 10, 40)], [episode(10, 20), episode(30, 40)]);

    expect(planned.moves.map(({ finding }) => finding.id)).toEqual([1]);
    expect(planned.inserts).toEqual([episode(30, 40)]);
  });
});
