import { DEFAULT_ESCALATION_POLICY, type EscalationPolicy } from '../domain/alerting/escalation-policy.ts';
import type { EscalationVariant } from '../domain/alerting/escalation-variant.ts';
import type { LowUseRule } from '../domain/metering/verdict.ts';
import type { InactivityRule } from './inactivity.ts';
import type { MeterSilentRule } from './meter-silent.ts';
import type { OwnRule } from './own-rules/own-rule.ts';
import type { RunningWaterRule } from './running-water.ts';

/** How at risk the people of a home are; 1 is the most. */
export const TIERS = [1, 2, 3] as const;
export type Tier = (typeof TIERS)[number];

/** Sooner for whoever is at risk, seldom wrong for whoever is often out. What it costs stands in docs/detection.md. */
const UNUSUAL: Readonly<Record<Tier, Pick<InactivityRule, 'chance' | 'chancePerHour'>>> = {
  1: { chance: 0.1, chancePerHour: 0.003 },
  2: { chance: 0.006, chancePerHour: 0.0006 },
  3: { chance: 0.003, chancePerHour: 0.0002 },
};

/** Whoever is most at risk is looked after again in the evening of a day on which they were seen in the morning. */
const QUIET_AFTER_CHECK_HOURS: Readonly<Record<Tier, number>> = { 1: 8, 2: 12, 3: 16 };

/** How a tier's homes are compared with their own past. */
export function inactivityRule(tier: Tier): InactivityRule {
  const quietAfterCheckHours = QUIET_AFTER_CHECK_HOURS[tier];
  return { ...UNUSUAL[tier], leastHours: 4, capHours: 24, learningDays: 14, quietAfterCheckHours };
}

/** The rules for one tier. */
export interface TierPolicy {
  /** `off` where fixed rules alone are wanted. */
  readonly inactivity: InactivityRule | 'off';
  readonly lowUse: LowUseRule;
  readonly runningWater: RunningWaterRule;
  readonly meterSilent: MeterSilentRule;
  /** What the authority watches for besides, in its own words. */
  readonly rules: readonly OwnRule[];
  readonly escalation: EscalationPolicy;
  /** Other steps for certain hours and days; the first that holds is taken. */
  readonly escalationVariants: readonly EscalationVariant[];
}

export interface TierPolicies extends Readonly<Record<Tier, TierPolicy>> {
  /** The policies of a home by the codes of its community and of what is above it; left out where all have the same. */
  readonly local?: (communities: readonly string[]) => Readonly<Record<Tier, TierPolicy>>;
}

/** The rules that a home is watched by: those of its tier, in its community where that has any of its own. */
export function policyOf(
  policies: TierPolicies,
  { tier, communities }: { readonly tier: Tier; readonly communities: readonly string[] },
): TierPolicy {
  return (policies.local?.(communities) ?? policies)[tier];
}

/** What an authority may set for a tier; the rest stays at the default. */
export type TierPolicyOverrides = { readonly [Rule in keyof TierPolicy]?: TierPolicy[Rule] | undefined };

const DEFAULT_TIER_POLICY: Omit<TierPolicy, 'inactivity'> = {
  // The floor beneath `inactivity`, for a home whose register moves by a litre now and then: in the same hours it would
  // double the false alarms.
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
};

/** Whether a rule of the policy compares a home with its own past. */
export function asksForHabit({ inactivity }: TierPolicy): boolean {
  return inactivity !== 'off';
}

/** What an authority has set, by tier. */
export type Overrides = { readonly [T in Tier]?: TierPolicyOverrides | undefined };

/**
 * The policies of all communities: the tiers' overrides, over them those of the city, the town and the community. What is
 * nearest to a home counts, for each rule by itself.
 */
export function policiesByCommunity(
  tiers: Overrides = {},
  communities: Readonly<Record<string, Overrides>> = {},
): TierPolicies {
  const usual = tierPolicies(tiers);
  const byCommunity = new Map(Object.entries(communities));
  if (byCommunity.size === 0) return usual;
  const known = new Map<string, TierPolicies>();
  return {
    ...usual,
    local: (chain) => {
      const named = chain.filter((code) => byCommunity.has(code));
      if (named.length === 0) return usual;
      const key = JSON.stringify(named);
      let policies = known.get(key);
      if (!policies) {
        const layers = [tiers, ...named.toReversed().map((code) => byCommunity.get(code) ?? {})];
        const merged = (tier: Tier) =>
          layers.reduce<TierPolicyOverrides>((set, layer) => ({ ...set, ...layer[tier] }), {});
        known.set(key, (policies = tierPolicies({ 1: merged(1), 2: merged(2), 3: merged(3) })));
      }
      return policies;
    },
  };
}

/** The policy of every tier, the defaults with an authority's overrides laid over them. */
export function tierPolicies(overrides: Overrides = {}): TierPolicies {
  const forTier = (tier: Tier): TierPolicy => {
    const set = overrides[tier] ?? {};
    return {
      inactivity: set.inactivity ?? inactivityRule(tier),
      lowUse: set.lowUse ?? DEFAULT_TIER_POLICY.lowUse,
      runningWater: set.runningWater ?? DEFAULT_TIER_POLICY.runningWater,
      meterSilent: set.meterSilent ?? DEFAULT_TIER_POLICY.meterSilent,
      rules: set.rules ?? DEFAULT_TIER_POLICY.rules,
      escalation: set.escalation ?? DEFAULT_TIER_POLICY.escalation,
      escalationVariants: set.escalationVariants ?? DEFAULT_TIER_POLICY.escalationVariants,
    };
  };
  return { 1: forTier(1), 2: forTier(2), 3: forTier(3) };
}
