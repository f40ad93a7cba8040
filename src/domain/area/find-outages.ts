import type { AreaCause, AreaPolicy } from './area-policy.ts';
import { type AreaScope, type Place, scopeKey, scopesOf, SCOPE_KINDS } from './area-scope.ts';
import { type AreaCount, isOutage } from './area-share.ts';

/** The homes of one place (a community, a gateway, a DMA), counted. */
export interface AreaCell extends Place {
  readonly counts: Readonly<Record<AreaCause, AreaCount>>;
}

/** What all cells of an area add up to. */
export interface AreaFigures extends AreaCount {
  readonly scope: AreaScope;
  readonly cause: AreaCause;
}

/** An area many of whose homes are affected at once. */
export interface FoundOutage extends AreaFigures {
  readonly usualShare: number;
}

/** The share of an outage's affected homes beyond which another one is the same outage seen from another side. */
const SAME_SHARE = 0.8;

/** The figures of every area for a cause. */
export function areaFigures(cells: readonly AreaCell[], cause: AreaCause): AreaFigures[] {
  const byScope = new Map<string, AreaFigures>();
  for (const cell of cells) {
    const { homes, affected } = cell.counts[cause];
    for (const scope of scopesOf(cell)) {
      const known = byScope.get(scopeKey(scope)) ?? { scope, cause, homes: 0, affected: 0 };
      byScope.set(scopeKey(scope), { ...known, homes: known.homes + homes, affected: known.affected + affected });
    }
  }
  return [...byScope.values()];
}

/**
 * The outages of a cause, each told once: of areas that are affected together the one that has the most affected homes
 * stands for all, and of those with as many the narrowest.
 */
export function findOutages(
  cells: readonly AreaCell[],
  cause: AreaCause,
  usualShareOf: (scope: AreaScope) => number,
  policy: AreaPolicy,
): FoundOutage[] {
  const affectedAreas = areaFigures(cells, cause)
    .map((figures) => ({ ...figures, usualShare: usualShareOf(figures.scope) }))
    .filter((found) => isOutage(found, found.usualShare, policy.causes[cause], policy))
    .toSorted((a, b) => b.affected - a.affected || widthOf(a.scope) - widthOf(b.scope));
  const told: FoundOutage[] = [];
  for (const found of affectedAreas) {
    const isTold = told.some(
      ({ scope }) => sharedAffected(cells, cause, scope, found.scope) >= SAME_SHARE * found.affected,
    );
    if (!isTold) told.push(found);
  }
  return told;
}

function widthOf({ kind }: AreaScope): number {
  return SCOPE_KINDS.indexOf(kind);
}

/** How many affected homes lie in both areas. */
function sharedAffected(cells: readonly AreaCell[], cause: AreaCause, one: AreaScope, other: AreaScope): number {
  return cells
    .filter((cell) => isWithin(cell, one) && isWithin(cell, other))
    .reduce((sum, { counts }) => sum + counts[cause].affected, 0);
}

export function isWithin(place: Place, scope: AreaScope): boolean {
  return scopesOf(place).some(({ kind, name }) => kind === scope.kind && name === scope.name);
}
