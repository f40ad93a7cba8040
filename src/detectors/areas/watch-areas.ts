import { areaCells, type AreaCellRow } from '../../db/area-cells.ts';
import { type AreaNorm, areaNorms, learnAreaNorms } from '../../db/area-norms.ts';
import { countOutage, hasOutageEvent, openOutages, type Outage, recordOutageEvent } from '../../db/outages.ts';
import { AREA_CAUSES, type AreaCause, type AreaPolicy } from '../../domain/area/area-policy.ts';
import { type AreaScope, scopeKey } from '../../domain/area/area-scope.ts';
import { isRecovered } from '../../domain/area/area-share.ts';
import { type AreaCell, areaFigures, findOutages, isWithin } from '../../domain/area/find-outages.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { AreaDeps } from './area-deps.ts';
import { closeOutage } from './close-outage.ts';
import { learnSilentMeters } from '../usual-periods.ts';
import { isPublicHoliday } from './holidays.ts';
import { openOutage } from './open-outage.ts';
import { watchFeed } from './watch-feed.ts';

/** Before so many days of an hour are known, the default share stands. */
const LEARNT_AFTER = 3;
/** What is usual at an hour is learnt once in it. */
const LEARN_AGAIN_MS = 12 * HOUR_MS;

/**
 * Looks at all areas at once: opens outages, counts and ends those that stand, and learns what is usual at this hour
 * where nothing is wrong. It reads the watch list and no reading, and may run in several processes at once.
 */
export async function watchAreas(deps: AreaDeps): Promise<void> {
  const { pool, clock, areas } = deps;
  const at = clock.now();
  const hour = at.getUTCHours();
  const silentSince = new Date(at.getTime() - areas.causes.silent.hours * HOUR_MS);
  await learnSilentMeters(pool, silentSince, at);
  const cells = (await areaCells(pool, { at, silentSince, dryHours: areas.causes.dry.hours })).map(cellOf);
  const norms = await areaNorms(pool, hour);
  const usual = usualShares(norms, areas);
  const standing = await openOutages(pool);
  // Of homes that nothing comes in from nobody can say that they fell silent or dry, or that they are well again.
  const isFeedStill = await watchFeed(deps, standing, at);
  for (const outage of standing) {
    const { cause } = outage;
    if (cause === 'works') await endWorksInTime(deps, outage, at);
    else if (cause !== 'feed' && !isFeedStill) await follow(deps, { ...outage, cause }, cells, usual, at);
  }
  if (isFeedStill) return;

  let isWell = standing.length === 0;
  const open = standing.filter(({ cause }) => cause !== 'works');
  for (const cause of AREA_CAUSES) {
    for (const found of findOutages(cells, cause, (scope) => usual(cause, scope), areas)) {
      if (!open.some((outage) => outage.cause === cause && overlap(outage, found.scope, cells))) {
        await openOutage(deps, found, at);
        isWell = false;
      }
    }
  }
  if (isWell && !isPublicHoliday(at, areas.holidays)) await learn(deps, cells, norms, at);
}

function cellOf({ community, gateway, dma, homes, silent, heard, dry }: AreaCellRow): AreaCell {
  const counts = { silent: { homes, affected: silent }, dry: { homes: heard, affected: dry } };
  return { community, gateway, dma, counts };
}

type UsualShare = (cause: AreaCause, scope: AreaScope) => number;

function usualShares(norms: readonly AreaNorm[], { causes }: AreaPolicy): UsualShare {
  const known = new Map(
    norms.filter(({ times }) => times >= LEARNT_AFTER).map((norm) => [`${norm.cause} ${scopeKey(norm)}`, norm.share]),
  );
  return (cause, scope) => known.get(`${cause} ${scopeKey(scope)}`) ?? causes[cause].defaultShare;
}

/** Works end when they were announced to. */
async function endWorksInTime(deps: AreaDeps, { id, heldUntil }: Outage, at: Date): Promise<void> {
  if (heldUntil <= at) await closeOutage(deps, { id, by: 'expired' });
}

/** An outage that stands is counted anew, and ended when it is over. */
async function follow(
  deps: AreaDeps,
  outage: Outage & { readonly cause: AreaCause },
  cells: readonly AreaCell[],
  usual: UsualShare,
  at: Date,
): Promise<void> {
  const { id, cause, heldUntil } = outage;
  const scope = { kind: outage.kind, name: outage.name };
  const figures = areaFigures(cells, cause).find((area) => scopeKey(area.scope) === scopeKey(scope));
  const count = { homes: figures?.homes ?? 0, affected: figures?.affected ?? 0 };
  if (isRecovered(count, usual(cause, scope), deps.areas.causes[cause])) {
    await closeOutage(deps, { id, by: 'recovered' });
    return;
  }
  if (count.affected !== outage.affected || count.homes !== outage.homes) await countOutage(deps.pool, id, count);
  if (heldUntil <= at && !(await hasOutageEvent(deps.pool, id, 'hold_over'))) {
    await recordOutageEvent(deps.pool, { outageId: id, at, type: 'hold_over', detail: { held: outage.held } });
  }
}

/** Whether an outage that stands has homes in common with an area: it is the same outage, grown or seen otherwise. */
function overlap({ kind, name }: Outage, scope: AreaScope, cells: readonly AreaCell[]): boolean {
  const both = [{ kind, name }, scope];
  return cells.some((cell) => both.every((each) => isWithin(cell, each)));
}

async function learn(
  { pool }: AreaDeps,
  cells: readonly AreaCell[],
  norms: readonly AreaNorm[],
  at: Date,
): Promise<void> {
  const newest = Math.max(-Infinity, ...norms.map(({ learntAt }) => learntAt.getTime()));
  if (at.getTime() - newest < LEARN_AGAIN_MS) return;
  const figures = AREA_CAUSES.flatMap((cause) => areaFigures(cells, cause)).filter(({ homes }) => homes > 0);
  if (figures.length > 0) await learnAreaNorms(pool, figures, { hour: at.getUTCHours(), at });
}
