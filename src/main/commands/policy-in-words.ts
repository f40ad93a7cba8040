import type { PolicyFile } from '../../config/policy-file.ts';
import type { OwnRule } from '../../detectors/own-rules/own-rule.ts';
import {
  policiesByCommunity,
  type Tier,
  type TierPolicies,
  type TierPolicy,
  TIERS,
} from '../../detectors/tier-policy.ts';
import type { EscalationPolicy } from '../../domain/alerting/escalation-policy.ts';

/** The rules of a policy as sentences, a line each; of communities, the tiers that they set something for. */
export function policyInWords(file: PolicyFile | undefined): string[] {
  const { communities = {}, tiers } = file ?? {};
  const policies = policiesByCommunity(tiers, communities);
  const local = Object.entries(communities).flatMap(([code, set]) => [
    `in ${code}`,
    ...inWords(policies.local?.([code]) ?? policies, (tier) => set[tier] !== undefined),
  ]);
  const { ticketDigest = 'off' } = file ?? {};
  const told =
    ticketDigest === 'off' ? [] : [`${ticketDigest} at most, new tickets are told to whoever sees to a community`];
  return [...inWords(policies, () => true), ...local, ...told];
}

function inWords(policies: TierPolicies, isWanted: (tier: Tier) => boolean): string[] {
  return TIERS.filter(isWanted).flatMap((tier) => [
    `tier ${tier}`,
    ...tierInWords(policies[tier]).map((line) => `  ${line}`),
  ]);
}

function tierInWords(policy: TierPolicy): string[] {
  const { inactivity, lowUse, runningWater, meterSilent, rules, escalation, escalationVariants } = policy;
  return [
    inactivity === 'off'
      ? 'pauses are not compared with the past of the home'
      : `a pause unusual for the home, from ${inactivity.leastHours} h, at the latest after ${inactivity.capHours} h`,
    `less than ${lowUse.floorLitres} L in ${lowUse.windowHours} h`,
    ...runningWater.flows.map(({ hours, litresPerHour }) => `${litresPerHour} L/h or more for ${hours} h on end`),
    ...runningWater.volumes.map(({ hours, litres }) => `${litres} L or more within ${hours} h`),
    `a meter not heard of for ${meterSilent.afterHours} h`,
    ...rules.map((rule) => `${rule.name}: ${ownRuleInWords(rule)}`),
    `asks by ${escalationInWords(escalation)}`,
    ...escalationVariants.map(({ policy: other }) => `at times asks by ${escalationInWords(other)}`),
  ];
}

function escalationInWords({ name, steps }: EscalationPolicy): string {
  const calls = steps.flatMap(({ channels }, i) => (channels?.includes('voice') ? [i + 1] : []));
  return `"${name}", ${steps.length} step(s)${calls.length > 0 ? `, with calls at step ${calls.join(', ')}` : ''}`;
}

function ownRuleInWords(rule: OwnRule): string {
  switch (rule.kind) {
    case 'low-use':
      return rule.floorLitres === 0
        ? `no water in ${rule.windowHours} h`
        : `less than ${rule.floorLitres} L in ${rule.windowHours} h`;
    case 'volume':
      return `more than ${rule.litres} L ${rule.windowHours === undefined ? 'in a day' : `in ${rule.windowHours} h`}`;
    case 'continuous':
      return `water in every ${rule.slotMinutes} minutes of ${rule.windowHours} h`;
  }
}
