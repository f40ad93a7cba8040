import { type Keeper, keepersOf } from '../alerts/keepers-of.ts';
import { insertNotice, oweNotice, toldSince } from '../db/notices.ts';
import { type CommunityGaps, markGapsTold, openRosterGaps } from '../db/roster-gaps.ts';
import { LOCKS, waitForLock } from '../db/locks.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { startOfLocalDay } from '../domain/local-day.ts';
import { isOfficeTime } from '../domain/notification/office-hours.ts';
import { wallTimeAt } from '../domain/wall-time.ts';
import type { RosterWatchDeps } from './roster-watch-deps.ts';

/**
 * Owes whoever sees to a roster one text about all its gaps: by day, once a day at most, and only when some are new to
 * them.
 */
export function tellOfGaps({ pool, timeZone }: RosterWatchDeps, at: Date): Promise<void> {
  if (!isOfficeTime(at, timeZone)) return Promise.resolve();
  const { date } = wallTimeAt(at, timeZone);
  return inTransaction(pool, async (tx) => {
    await waitForLock(tx, LOCKS.rosterGaps);
    const told = await toldSince(tx, 'roster_gap', startOfLocalDay(date, timeZone));
    for (const keeper of await keepersOf(tx, await openRosterGaps(tx), at)) {
      if (told.has(keeper.personId) || !keeper.matters.some(({ isNews }) => isNews)) continue;
      await tell(tx, keeper, timeZone, at);
    }
  });
}

async function tell(
  tx: Tx,
  { personId, role, matters: gaps }: Keeper<CommunityGaps>,
  timeZone: string,
  at: Date,
): Promise<void> {
  const slotsMs = gaps.flatMap(({ firstSlotAt }) => firstSlotAt?.getTime() ?? []);
  const detail = {
    homes: gaps.reduce((sum, { homes }) => sum + homes, 0),
    firstHome: gaps.find(({ firstHome }) => firstHome !== null)?.firstHome ?? undefined,
    slots: gaps.reduce((sum, { slots }) => sum + slots, 0),
    slotFromMs: slotsMs.length === 0 ? undefined : Math.min(...slotsMs),
    timeZone,
  };
  const noticeId = await insertNotice(tx, { kind: 'roster_gap', detail }, at);
  if (noticeId === undefined) return;
  await oweNotice(tx, { noticeId, kind: 'roster_gap', step: 0, personId, role }, at);
  await markGapsTold(
    tx,
    gaps.map(({ communityId }) => communityId),
    at,
  );
}
