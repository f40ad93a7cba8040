import { leavesAt } from '../db/leaves.ts';
import { rosterKeepers } from '../db/roster-gaps.ts';
import type { Tx } from '../db/sql.ts';
import type { Role } from '../domain/alerting/escalation-policy.ts';
import { standInFor } from '../domain/alerting/stand-ins.ts';

/** Somebody who sees to communities, with what there is to see to in all of them. */
export interface Keeper<Matter> {
  readonly personId: number;
  readonly role: Role;
  readonly matters: readonly Matter[];
}

/**
 * Who sees to the matters of communities: the nearest supervisor who takes texts, else the nearest desk, and for whoever is
 * away their substitute. Each is named once, with the matters of all their communities.
 */
export async function keepersOf<Matter extends { readonly communityId: number }>(
  tx: Tx,
  matters: readonly Matter[],
  at: Date,
): Promise<Keeper<Matter>[]> {
  const leaves = await leavesAt(tx, at);
  const keepers = new Map<number, Keeper<Matter>>();
  const staff = await rosterKeepers(
    tx,
    matters.map(({ communityId }) => communityId),
  );
  for (const { communityId, personId: named, role } of staff) {
    const personId = standInFor(named, leaves) ?? named;
    const theirs = matters.filter((each) => each.communityId === communityId);
    keepers.set(personId, { personId, role, matters: [...(keepers.get(personId)?.matters ?? []), ...theirs] });
  }
  return [...keepers.values()];
}
