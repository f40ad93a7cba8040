import { leavesAt } from '../db/leaves.ts';
import { insertNotice, oweNotice } from '../db/notices.ts';
import { type CommunityGaps, markGapsTold, openRosterGaps, rosterKeepers, toldOfGapsSince } from '../db/roster-gaps.ts';
import { LOCKS, waitForLock } from '../db/locks.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import type { Role } from '../domain/alerting/escalation-policy.ts';
import { standInFor } from '../domain/alerting/stand-ins.ts';
import { startOfLocalDay } from '../domain/local-day.ts';
import { wallTimeAt } from '../domain/wall-time.ts';
import type { RosterWatchDeps } from './roster-watch-deps.ts';

/** The hours at which offices are open: nobody is woken for what is a week away. */
const DAYTIME = { fromMinute: 9 * 60, untilMinute: 18 * 60 };

/** Somebody who sees to the roster, with the gaps of all the communities they see to. */
interface Keeper {
  readonly personId: number;
  readonly role: Role;
  readonly gaps: readonly CommunityGaps[];
}

/**
 * Owes whoever sees to a roster one text about all its gaps: by day, once a day at most, and only when some are new to
 * them.
 */
export function tellOfGaps({ pool, timeZone }: RosterWatchDeps, at: Date): Promise<void> {
  const { date, minute } = wallTimeAt(at, timeZone);
  if (minute < DAYTIME.fromMinute || minute >= DAYTIME.untilMinute) return Promise.resolve();
  return inTransaction(pool, async (tx) => {
    await waitForLock(tx, LOCKS.rosterGaps);
    const told = await toldOfGapsSince(tx, startOfLocalDay(date, timeZone));
    for (const keeper of await keepersOf(tx, await openRosterGaps(tx), at)) {
      if (told.has(keeper.personId) || !keeper.gaps.some(({ isNews }) => isNews)) continue;
      await tell(tx, keeper, timeZone, at);
    }
  });
}

async function keepersOf(tx: Tx, gaps: readonly CommunityGaps[], at: Date): Promise<Keeper[]> {
  const leaves = await leavesAt(tx, at);
  const keepers = new Map<number, Keeper>();
  const staff = await rosterKeepers(
    tx,
    gaps.map(({ communityId }) => communityId),
  );
  for (const { communityId, personId: named, role } of staff) {
    const personId = standInFor(named, leaves) ?? named;
    const theirs = gaps.filter((each) => each.communityId === communityId);
    keepers.set(personId, { personId, role, gaps: [...(keepers.get(personId)?.gaps ?? []), ...theirs] });
  }
  return [...keepers.values()];
}

async function tell(tx: Tx, { personId, role, gaps }: Keeper, timeZone: string, at: Date): Promise<void> {
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
