import { desksOf, homesOfArea, zoneOfMost } from '../../db/area-homes.ts';
import { insertNotice, oweNotice } from '../../db/notices.ts';
import { insertOutage, type NewOutage, recordOutageEvent } from '../../db/outages.ts';
import { inTransaction, type Tx } from '../../db/sql.ts';
import type { FoundOutage } from '../../domain/area/find-outages.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { AreaDeps } from './area-deps.ts';

/** No readings come in from anywhere, since a time. */
export interface FeedOutage extends Omit<FoundOutage, 'cause'> {
  readonly cause: 'feed';
  readonly beganAt: Date;
}

/** Opens an outage and tells the desks of its area, once, in one transaction. Alerts wait for it from now on. */
export async function openOutage(
  { pool, log, areas }: AreaDeps,
  found: FoundOutage | FeedOutage,
  at: Date,
): Promise<void> {
  const { cause, scope, homes, affected, usualShare } = found;
  const outage: NewOutage = {
    ...scope,
    cause,
    homes,
    affected,
    usualShare,
    beganAt: 'beganAt' in found ? found.beganAt : new Date(at.getTime() - areas.causes[found.cause].hours * HOUR_MS),
    noticedAt: at,
    heldUntil: new Date(at.getTime() + areas.holdHours * HOUR_MS),
  };
  const id = await inTransaction(pool, async (tx) => {
    const outageId = await insertOutage(tx, outage);
    if (outageId === undefined) return undefined;
    await recordOutageEvent(tx, { outageId, at, type: 'noticed', detail: { homes, affected, usualShare } });
    await tellDesks(tx, outageId, outage, at);
    return outageId;
  });
  if (id !== undefined) log.warn({ outageId: id, cause, homes, affected }, 'an outage: alerts of its area wait');
}

async function tellDesks(tx: Tx, outageId: number, outage: NewOutage, at: Date): Promise<void> {
  const { kind, name, cause, homes, affected, heldUntil } = outage;
  const householdIds = await homesOfArea(tx, { kind, name }, at);
  const timeZone = await zoneOfMost(tx, householdIds);
  const detail = { area: name, cause, homes, affected, heldUntilMs: heldUntil.getTime(), timeZone };
  const noticeId = await insertNotice(tx, { kind: 'area_outage', outageId, detail }, at);
  if (noticeId === undefined) return;
  const desks = await desksOf(tx, householdIds);
  for (const personId of desks) {
    await oweNotice(tx, { noticeId, kind: 'area_outage', step: 0, personId, role: 'desk' }, at);
  }
  await recordOutageEvent(tx, { outageId, at, type: 'told', detail: { desks: desks.length } });
}
