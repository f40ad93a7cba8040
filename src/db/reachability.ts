import { z } from 'zod';
import type { FailureCause } from '../domain/notification/failure-cause.ts';
import { type Db, execute, many, one, sql } from './sql.ts';

export interface Unreachable {
  readonly personId: number;
  readonly cause: FailureCause;
  readonly code?: string | undefined;
}

/** Notes that texts cannot reach somebody's number; while that is known already, nothing changes. */
export async function openRosterDefect(tx: Db, { personId, cause, code }: Unreachable, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into roster_defect (person_id, phone, cause, code, opened_at)
      select id, phone, ${cause}, ${code ?? null}, ${at} from person where id = ${personId}
      on conflict (person_id, phone) where closed_at is null do nothing
    `,
  );
}

/** A text has arrived: the number can be reached after all. */
export async function closeRosterDefects(tx: Db, personId: number, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      update roster_defect set closed_at = greatest(${at}::timestamptz, opened_at)
      where person_id = ${personId} and closed_at is null
    `,
  );
}

const defectRow = z.object({ personId: z.number(), name: z.string(), cause: z.string(), openedAt: z.date() });

/** Somebody whose number texts cannot reach. */
export type RosterDefect = z.output<typeof defectRow>;

/** The people whose present number cannot be reached, the longest known first. */
export function openRosterDefects(db: Db): Promise<RosterDefect[]> {
  return many(
    db,
    defectRow,
    sql`
      select person.id as "personId", person.name, cause, opened_at as "openedAt"
      from roster_defect join person on person.id = roster_defect.person_id and person.phone = roster_defect.phone
      where closed_at is null
      order by opened_at, roster_defect.id
    `,
  );
}

export interface GatewayRefusal {
  readonly gateway: string;
  readonly cause: FailureCause;
  readonly code?: string | undefined;
}

/** Notes that a gateway refuses our account. Returns whether that is news: it did not when it was last used. */
export async function openGatewayFault(db: Db, { gateway, cause, code }: GatewayRefusal, at: Date): Promise<boolean> {
  const { isNew } = await one(
    db,
    z.object({ isNew: z.boolean() }),
    sql`
      insert into gateway_fault (gateway, cause, code, opened_at, last_seen_at)
      values (${gateway}, ${cause}, ${code ?? null}, ${at}, ${at})
      on conflict (gateway) where closed_at is null do update set last_seen_at = excluded.last_seen_at
      returning xmax = 0 as "isNew"
    `,
  );
  return isNew;
}

/** Whether the desk was told of a fault of this gateway since a time. */
export async function wasToldOfFault(db: Db, gateway: string, since: Date): Promise<boolean> {
  const { told } = await one(
    db,
    z.object({ told: z.boolean() }),
    sql`
      select exists (select from gateway_fault join notice on notice.id = notice_id
                     where gateway = ${gateway} and notice.created_at > ${since}) as told
    `,
  );
  return told;
}

/** Notes which notice tells of the standing fault of a gateway. */
export async function tellOfFault(db: Db, gateway: string, noticeId: number): Promise<void> {
  await execute(
    db,
    sql`update gateway_fault set notice_id = ${noticeId} where gateway = ${gateway} and closed_at is null`,
  );
}

/** The first of each desk above which there is no other: who sees to what concerns the whole service. */
export async function firstOfDesks(db: Db): Promise<number[]> {
  const rows = await many(
    db,
    z.object({ personId: z.number() }),
    sql`
      select distinct on (staff.community_id) staff.person_id as "personId"
      from community_staff staff
      where staff.role = 'desk'
        and not exists (select from communities_above(staff.community_id) above
                        join community_staff upper on upper.community_id = above.community_id and upper.role = 'desk'
                        where above.distance > 0)
      order by staff.community_id, staff.position
    `,
  );
  return [...new Set(rows.map(({ personId }) => personId))];
}

/** A gateway takes texts again: the fault is over, and so is what would still be told of it. */
export async function closeGatewayFault(db: Db, gateway: string, at: Date): Promise<void> {
  await execute(
    db,
    sql`
      with closed as (
        update gateway_fault set closed_at = greatest(${at}::timestamptz, opened_at)
        where gateway = ${gateway} and closed_at is null
        returning notice_id
      )
      update notice set over_at = ${at} from closed where notice.id = closed.notice_id
    `,
  );
}

const faultRow = z.object({ gateway: z.string(), cause: z.string(), openedAt: z.date(), lastSeenAt: z.date() });

/** A gateway that refuses our account, since when and when it last did so. */
export type GatewayFault = z.output<typeof faultRow>;

export function openGatewayFaults(db: Db): Promise<GatewayFault[]> {
  return many(
    db,
    faultRow,
    sql`
      select gateway, cause, opened_at as "openedAt", last_seen_at as "lastSeenAt"
      from gateway_fault where closed_at is null order by opened_at
    `,
  );
}
