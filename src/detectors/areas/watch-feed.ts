import { homesOfArea } from '../../db/area-homes.ts';
import { canariesHeard } from '../../db/canaries.ts';
import type { Outage } from '../../db/outages.ts';
import { EVERYWHERE } from '../../domain/area/area-scope.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { AreaDeps } from './area-deps.ts';
import { closeOutage } from './close-outage.ts';
import { openOutage } from './open-outage.ts';

/**
 * Watches whether readings come in at all, by meters that send every minute from where the others send: the canaries. When
 * none of them has been heard of for some minutes it is no sign of anybody: alerts of too little water wait, as in any
 * outage, and the desks are told once. Returns whether the feed stands still. Without canaries nobody can tell.
 */
export async function watchFeed(deps: AreaDeps, standing: readonly Outage[], at: Date): Promise<boolean> {
  const { pool, areas, log } = deps;
  const { meters, lateMinutes } = areas.canaries;
  const open = standing.find(({ cause }) => cause === 'feed');
  const heardAt = meters.length === 0 ? undefined : await canariesHeard(pool, meters);
  const isLate = heardAt !== undefined && at.getTime() - heardAt.getTime() >= lateMinutes * MINUTE_MS;
  if (open && !isLate) await closeOutage(deps, { id: open.id, by: 'recovered' });
  if (!open && isLate) {
    const homes = (await homesOfArea(pool, EVERYWHERE, at)).length;
    const found = {
      cause: 'feed',
      scope: EVERYWHERE,
      homes,
      affected: homes,
      usualShare: 0,
      beganAt: heardAt,
    } as const;
    await openOutage(deps, found, at);
    log.error({ lastHeardAt: heardAt }, 'no readings come in: the canary meters are not heard of');
  }
  return isLate;
}
