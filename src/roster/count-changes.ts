import type { Place } from '../db/roster-places.ts';
import type { Written } from '../db/written.ts';

/** What an import did, or would do, to one kind of row. */
export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** Counts rows by their key. `alsoChanged` are keys whose row stayed while something that belongs to it changed. */
export function countWritten(total: number, { added, changed }: Written, alsoChanged: readonly string[]): ChangeCounts {
  const differing = new Set([...changed, ...alsoChanged]);
  for (const key of added) differing.delete(key);
  return {
    added: added.length,
    changed: differing.size,
    removed: 0,
    unchanged: total - added.length - differing.size,
  };
}

/** Counts places: one that fell vacant and was filled again has changed hands. */
export function countPlaces(total: number, vacated: readonly Place[], filled: readonly Place[]): ChangeCounts {
  const vacant = new Set(vacated.map(keyOf));
  const changed = filled.filter((place) => vacant.has(keyOf(place))).length;
  return {
    added: filled.length - changed,
    changed,
    removed: vacated.length - changed,
    unchanged: total - filled.length,
  };
}

function keyOf({ ownerId, role, position }: Place): string {
  return `${ownerId} ${role} ${position}`;
}
