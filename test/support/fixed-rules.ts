import { type TierPolicies, type TierPolicyOverrides, TIERS, tierPolicies } from '../../src/detectors/tier-policy.ts';

/** Under six litres in a day and a night, and no look at the past: what a test knows the hour of without a history. */
const DAY_UNDER_SIX_LITRES: TierPolicyOverrides = {
  inactivity: 'off',
  lowUse: { windowHours: 24, floorLitres: 6, minCoverage: 0.9 },
};

/** The policies of an authority that goes by fixed rules, with more set for single tiers. */
export function fixedRules(more: Parameters<typeof tierPolicies>[0] = {}): TierPolicies {
  const [first, second, third] = TIERS.map((tier) => ({ ...DAY_UNDER_SIX_LITRES, ...more[tier] }));
  return tierPolicies({ 1: first, 2: second, 3: third });
}
