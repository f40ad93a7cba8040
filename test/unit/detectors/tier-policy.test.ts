import { describe, expect, it } from 'vitest';
import {
  inactivityRule,
  policiesByCommunity,
  policyOf,
  type TierPolicyOverrides,
  TIERS,
  tierPolicies,
} from '../../../src/detectors/tier-policy.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../../src/domain/alerting/escalation-policy.ts';

const defaults = tierPolicies();

describe('the policies of the tiers', () => {
  it('are the published rules where an authority has set none', () => {
    for (const tier of TIERS) {
      expect(defaults[tier]).toEqual({
        inactivity: inactivityRule(tier),
        lowUse: { windowHours: 72, floorLitres: 3, minCoverage: 0.9 },
        runningWater: {
          flows: [
            { hours: 2, litresPerHour: 180 },
            { hours: 3, litresPerHour: 110 },
            { hours: 6, litresPerHour: 45 },
            { hours: 12, litresPerHour: 25 },
            { hours: 24, litresPerHour: 5 },
          ],
          timesUsual: 1.1,
          volumes: [
            { hours: 4, litres: 1_000 },
            { hours: 24, litres: 2_000 },
          ],
        },
        meterSilent: { afterHours: 26 },
        rules: [],
        escalation: DEFAULT_ESCALATION_POLICY,
        escalationVariants: [],
      });
    }
  });

  it('look sooner the more a person is at risk', () => {
    for (const term of ['chance', 'chancePerHour'] as const) {
      const [first, second, third] = TIERS.map((tier) => inactivityRule(tier)[term]);

      expect(first).toBeGreaterThan(second ?? Infinity);
      expect(second).toBeGreaterThan(third ?? Infinity);
    }
  });

  it.each<TierPolicyOverrides>([
    { inactivity: { chance: 0.02, chancePerHour: 0.01, leastHours: 3, capHours: 18, learningDays: 28 } },
    { lowUse: { windowHours: 12, floorLitres: 10, minCoverage: 0.8 } },
    { runningWater: { flows: [], volumes: [{ hours: 1, litres: 400 }] } },
    { meterSilent: { afterHours: 34 } },
    { rules: [{ kind: 'volume', name: 'over 2 m3 a day', litres: 2_000, per: 'day' }] },
    { escalation: { ...DEFAULT_ESCALATION_POLICY, name: 'ours' } },
  ])('take over what is set for a tier and nothing else: %o', (set) => {
    for (const tier of TIERS) {
      const policies = tierPolicies({ [tier]: set });

      expect(policies[tier]).toEqual({ ...defaults[tier], ...set });
      for (const other of TIERS.filter((each) => each !== tier)) expect(policies[other]).toEqual(defaults[other]);
    }
  });
});

describe('the policy of a home', () => {
  const lowUse = (windowHours: number) => ({ windowHours, floorLitres: 6, minCoverage: 0.9 });
  const policies = policiesByCommunity(
    { 1: { lowUse: lowUse(20), meterSilent: { afterHours: 30 } } },
    { CITY: { 1: { lowUse: lowUse(16) } }, HILL: { 1: { lowUse: lowUse(12) }, 2: { lowUse: lowUse(24) } } },
  );
  const of = (tier: 1 | 2, ...communities: string[]) => policyOf(policies, { tier, communities });

  it('is what its community sets, else its town or city, else its tier', () => {
    expect(of(1, 'HILL', 'TOWN', 'CITY').lowUse.windowHours).toBe(12);
    expect(of(1, 'LAKE', 'TOWN', 'CITY').lowUse.windowHours).toBe(16);
    expect(of(1, 'LAKE', 'ELSEWHERE').lowUse.windowHours).toBe(20);
    expect(of(2, 'HILL', 'CITY').lowUse.windowHours).toBe(24);
  });

  it('keeps what nobody nearer has set', () => {
    expect(of(1, 'HILL', 'CITY').meterSilent.afterHours).toBe(30);
    expect(of(2, 'LAKE', 'CITY')).toEqual(defaults[2]);
  });
});
