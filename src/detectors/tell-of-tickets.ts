import { type Keeper, keepersOf } from '../alerts/keepers-of.ts';
import type { Clock } from '../core/clock.ts';
import { LOCKS, waitForLock } from '../db/locks.ts';
import { insertNotice, oweNotice, toldSince } from '../db/notices.ts';
import { type DbPool, inTransaction, type Tx } from '../db/sql.ts';
import { type CommunityTickets, communityTickets, markTicketsTold } from '../db/ticket-digest.ts';
import { addDays, startOfLocalDay } from '../domain/local-day.ts';
import { isOfficeTime } from '../domain/notification/office-hours.ts';
import { wallTimeAt } from '../domain/wall-time.ts';

/** How often somebody is told of tickets at most. */
export type TicketDigest = 'off' | 'daily' | 'weekly';

export interface TicketDigestDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  /** IANA zone of the people who see to communities. */
  readonly timeZone: string;
  readonly ticketDigest: TicketDigest;
}

/**
 * Owes whoever sees to a community one text about its open tickets and the homes whose habits change: by day, once a day or a
 * week at most, and only when some are new to them. Never to a guardian: nothing of it is about a person in danger.
 */
export async function tellOfTickets({ pool, clock, timeZone, ticketDigest }: TicketDigestDeps): Promise<void> {
  const at = clock.now();
  if (ticketDigest === 'off' || !isOfficeTime(at, timeZone)) return;
  await inTransaction(pool, async (tx) => {
    await waitForLock(tx, LOCKS.ticketDigest);
    const told = await toldSince(tx, 'ticket_digest', beginningOf(ticketDigest, at, timeZone));
    for (const keeper of await keepersOf(tx, await communityTickets(tx), at)) {
      const isNews = keeper.matters.some(({ fresh, freshDrifts }) => fresh + freshDrifts > 0);
      if (isNews && !told.has(keeper.personId)) await tell(tx, keeper, at);
    }
  });
}

/** When the day, or the week from Monday on, began in which a moment lies. */
function beginningOf(every: 'daily' | 'weekly', at: Date, timeZone: string): Date {
  const { date } = wallTimeAt(at, timeZone);
  const sinceMonday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return startOfLocalDay(every === 'daily' ? date : addDays(date, -sinceMonday), timeZone);
}

async function tell(tx: Tx, { personId, role, matters }: Keeper<CommunityTickets>, at: Date): Promise<void> {
  const sum = (pick: (each: CommunityTickets) => number) => matters.reduce((total, each) => total + pick(each), 0);
  const detail = {
    tickets: sum(({ open }) => open),
    freshTickets: sum(({ fresh }) => fresh),
    tampered: sum(({ tampered }) => tampered),
    drifts: sum(({ drifts }) => drifts),
  };
  const noticeId = await insertNotice(tx, { kind: 'ticket_digest', detail }, at);
  if (noticeId === undefined) return;
  await oweNotice(tx, { noticeId, kind: 'ticket_digest', step: 0, personId, role }, at);
  await markTicketsTold(
    tx,
    matters.map(({ communityId }) => communityId),
    at,
  );
}
