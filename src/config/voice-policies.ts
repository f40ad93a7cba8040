import type { PolicyFile } from './policy-file.ts';

/** The escalation policies of a file of which a step asks by voice, by their names. */
export function voicePolicies({ tiers, communities = {} }: PolicyFile): string[] {
  const policies = [tiers, ...Object.values(communities)]
    .flatMap((each) => [each[1], each[2], each[3]])
    .flatMap((tier) => [tier?.escalation, ...(tier?.escalationVariants ?? []).map(({ policy }) => policy)])
    .flatMap((policy) => policy ?? []);
  const calling = policies.filter(({ steps }) => steps.some(({ channels }) => channels?.includes('voice')));
  return [...new Set(calling.map(({ name }) => name))];
}
