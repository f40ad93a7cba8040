import { z } from 'zod';
import type { HoldCause } from '../domain/area/decide-hold.ts';
import { type Db, execute, many, one, sql } from './sql.ts';

const holdRow = z.object({
  householdId: z.number(),
  cause: z.enum(['outage', 'volume']),
  heldAt: z.date(),
  heldUntil: z.date(),
});

/** A home whose alert waits. */
export type AlertHold = z.output<typeof holdRow>;

/** The holds of these homes that stand. */
export function openHolds(db: Db, householdIds: readonly number[]): Promise<AlertHold[]> {
  return many(
    db,
    holdRow,
    sql`
      select household_id as "householdId", cause, held_at as "heldAt", held_until as "heldUntil"
      from alert_hold where released_at is null and household_id = any (${householdIds})
    `,
  );
}

const coveringRow = z.object({ householdId: z.number(), outageId: z.number(), heldUntil: z.date() });

/** For each of these homes the outage or works that hold its alerts back at `at`; where several do, the one that does longest. */
export function outagesHolding(
  db: Db,
  householdIds: readonly number[],
  at: Date,
): Promise<z.output<typeof coveringRow>[]> {
  return many(
    db,
    coveringRow,
    sql`
      select distinct on (household.id) household.id as "householdId", outage.id as "outageId",
             outage.held_until as "heldUntil"
      from outage
      join household on household.id = any (${householdIds})
      join community on community.id = household.community_id
      where outage.ended_at is null and outage.began_at <= ${at} and outage.held_until > ${at}
        and (scope_kind = 'everywhere' or scope_kind = 'community' and scope = community.code
             or exists (select from meter_binding join meter on meter.id = meter_binding.meter_id
                        where meter_binding.household_id = household.id
                          and bound_from <= ${at} and (bound_until is null or bound_until > ${at})
                          and case scope_kind when 'gateway' then meter.gateway = scope
                                              when 'dma' then meter.dma = scope end))
      order by household.id, outage.held_until desc
    `,
  );
}

const trafficRow = z.object({ raised: z.number(), homes: z.number() });

/** How many alerts were opened since a time, and how many homes are watched. */
export function alertTraffic(db: Db, since: Date, at: Date): Promise<z.output<typeof trafficRow>> {
  return one(
    db,
    trafficRow,
    sql`
      select (select count(*) from alert where opened_at > ${since}) as raised,
             (select count(*) from household
              where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})) as homes
    `,
  );
}

const queuedRow = z.object({ householdId: z.number(), tier: z.number(), drySince: z.date() });

/** A home in the queue. */
export type QueuedHome = z.output<typeof queuedRow>;

/** The head of the queue: homes that wait for their turn, and those whose outage holds them back no longer. */
export function headOfQueue(db: Db, at: Date, limit: number): Promise<QueuedHome[]> {
  return many(
    db,
    queuedRow,
    sql`
      select household_id as "householdId", tier, dry_since as "drySince" from alert_hold
      where released_at is null and (cause = 'volume' or held_until <= ${at})
      order by tier, dry_since, household_id limit ${limit}
    `,
  );
}

/** Those of these homes that have an alert that is not closed. */
export async function homesWithOpenAlert(db: Db, householdIds: readonly number[]): Promise<ReadonlySet<number>> {
  if (householdIds.length === 0) return new Set();
  const rows = await many(
    db,
    z.object({ householdId: z.number() }),
    sql`
      select household_id as "householdId" from alert
      where state <> 'closed' and household_id = any (${householdIds})
    `,
  );
  return new Set(rows.map(({ householdId }) => householdId));
}

const heldRow = z.object({ cause: z.enum(['outage', 'volume']), count: z.number(), nextUntil: z.date() });

/** How many alerts wait for a cause, and the next of their deadlines. */
export type HeldAlerts = z.output<typeof heldRow>;

export function heldAlerts(db: Db): Promise<HeldAlerts[]> {
  return many(
    db,
    heldRow,
    sql`
      select cause, count(*) as count, min(held_until) as "nextUntil"
      from alert_hold where released_at is null group by cause order by cause
    `,
  );
}

export interface NewHold {
  readonly householdId: number;
  readonly cause: HoldCause;
  readonly outageId: number | undefined;
  readonly tier: number;
  readonly drySince: Date;
  readonly heldUntil: Date;
}

/** Holds homes back, or changes why and until when they are. When it began, and the outage it began with, stay. */
export async function saveHolds(db: Db, holds: readonly NewHold[], at: Date): Promise<void> {
  await execute(
    db,
    sql`
      insert into alert_hold as known (household_id, cause, outage_id, tier, dry_since, held_at, held_until)
      select household_id, cause, outage_id, tier, dry_since, ${at}, held_until
      from unnest(${holds.map(({ householdId }) => householdId)}::bigint[], ${holds.map(({ cause }) => cause)}::text[],
                  ${holds.map(({ outageId }) => outageId ?? null)}::bigint[], ${holds.map(({ tier }) => tier)}::int[],
                  ${holds.map(({ drySince }) => drySince)}::timestamptz[],
                  ${holds.map(({ heldUntil }) => heldUntil)}::timestamptz[])
           as held (household_id, cause, outage_id, tier, dry_since, held_until)
      on conflict (household_id) where released_at is null do update
      set cause = excluded.cause, outage_id = coalesce(excluded.outage_id, known.outage_id), tier = excluded.tier,
          held_until = excluded.held_until
    `,
  );
}

/** Ends the holds of homes that were judged and wait no longer: their alert was raised, or nothing is wrong any more. */
export async function releaseHolds(db: Db, householdIds: readonly number[], at: Date): Promise<void> {
  await execute(
    db,
    sql`
      update alert_hold
      set released_at = ${at},
          released_as = case when exists (select from alert where alert.household_id = alert_hold.household_id
                                            and (state <> 'closed' or closed_at >= held_at)) then 'raised' else 'over' end
      where released_at is null and household_id = any (${householdIds})
    `,
  );
}
