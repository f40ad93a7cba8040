import { DEFAULT_ESCALATION_POLICY, type EscalationPolicy } from '../domain/alerting/escalation-policy.ts';
import type { LowUseRule } from '../domain/metering/verdict.ts';
import type { InactivityRule } from './inactivity.ts';
import type { MeterSilentRule } from './meter-silent.ts';
import type { RunningWaterRule } from './running-water.ts';

/** How at risk the people of a home are; 1 is the most. */
export const TIERS = [1, 2, 3] as const;
export type Tier = (typeof TIERS)[number];

/** Measured to find a person who stopped in 12 h, for 6 false alarms a year beside those of absences. */
export const INACTIVITY_RULE: InactivityRule = { chance: 0.007, leastHours: 4, capHours: 24, learningDays: 14 };

/** The rules for one tier. */
export interface TierPolicy {
  /** `off` where fixed rules alone are wanted. */
  readonly inactivity: InactivityRule | 'off';
  readonly lowUse: LowUseRule;
  readonly runningWater: RunningWaterRule;
  readonly meterSilent: MeterSilentRule;
  readonly escalation: EscalationPolicy;
}

export type TierPolicies = Readonly<Record<Tier, TierPolicy>>;

/** What an authority may set for a tier; the rest stays at the default. */
export type TierPolicyOverrides = { readonly [Rule in keyof TierPolicy]?: TierPolicy[Rule] | undefined };

const DEFAULT_TIER_POLICY: TierPolicy = {
  // Until it has been lived with beside the fixed rules, an authority turns it on.
  inactivity: 'off',
  // Of the fixed rules in use, the one with the fewest false alarms that still speaks within a day and a night.
  lowUse: { windowHours: 24, floorLitres: 6, minCoverage: 0.9 },
  runningWater: {
    flows: [
      { hours: 2, litresPerHour: 200 },
      { hours: 4, litresPerHour: 60 },
      { hours: 24, litresPerHour: 5 },
    ],
    volumes: [
      { hours: 4, litres: 1_000 },
      { hours: 24, litres: 2_000 },
    ],
  },
  meterSilent: { afterHours: 26 },
  escalation: DEFAULT_ESCALATION_POLICY,
};

/** Whether a rule of the policy compares a home with its own past. */
export function asksForHabit({ inactivity }: TierPolicy): boolean {
  return inactivity !== 'off';
}

/** The policy of every tier, the defaults with an authority's overrides laid over them. */
export function tierPolicies(overrides: { readonly [T in Tier]?: TierPolicyOverrides | undefined } = {}): TierPolicies {
  const forTier = (tier: Tier): TierPolicy => {
    const set = overrides[tier] ?? {};
    return {
      inactivity: set.inactivity ?? DEFAULT_TIER_POLICY.inactivity,
      lowUse: set.lowUse ?? DEFAULT_TIER_POLICY.lowUse,
      runningWater: set.runningWater ?? DEFAULT_TIER_POLICY.runningWater,
      meterSilent: set.meterSilent ?? DEFAULT_TIER_POLICY.meterSilent,
      escalation: set.escalation ?? DEFAULT_TIER_POLICY.escalation,
    };
  };
  return { 1: forTier(1), 2: forTier(2), 3: forTier(3) };
}
