import { z } from 'zod';
import { CHANNELS } from '../domain/alerting/channel.ts';
import { ROLES } from '../domain/alerting/escalation-policy.ts';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../domain/notification/delivery-status.ts';
import { INTENTS } from './outbox.ts';
import type { FailureCause } from '../domain/notification/failure-cause.ts';
import type { Lease } from './outbox-leases.ts';
import { type Db, execute, many, maybeOne, sql } from './sql.ts';

export interface NewAttempt extends Lease {
  readonly parts: number;
  /** Whether an earlier attempt was looked up in vain, and may have left all the same. */
  readonly maybeDuplicate?: boolean;
}

/**
 * Writes down that texts are about to be handed over. Commit it before the gateway is called: an attempt that is found
 * without an ending may have reached the gateway.
 *
 * Yields the numbers of the attempts by text. A text whose lease is no longer this sender's is not among them.
 */
export async function beginDeliveries(
  tx: Db,
  attempts: readonly NewAttempt[],
  { gateway, at }: { gateway: string; at: Date },
): Promise<ReadonlyMap<number, number>> {
  const rows = await many(
    tx,
    z.object({ id: z.number(), outboxId: z.number() }),
    sql`
      insert into delivery (outbox_id, gateway, status, parts, started_at, updated_at, maybe_duplicate)
      select leased.id, ${gateway}, 'started', leased.parts, ${at}, ${at}, leased.maybe_duplicate
      from (
        select outbox.id, attempt.parts, attempt.maybe_duplicate from outbox
        join unnest(${attempts.map(({ id }) => id)}::bigint[], ${attempts.map(({ fence }) => fence)}::bigint[],
                    ${attempts.map(({ parts }) => parts)}::smallint[],
                    ${attempts.map(({ maybeDuplicate }) => maybeDuplicate ?? false)}::boolean[]) as attempt (id, fence, parts, maybe_duplicate)
          on outbox.id = attempt.id and outbox.fence = attempt.fence
        where outbox.state = 'sending' and outbox.lease_until > ${at}
        for update of outbox
      ) as leased
      returning id, outbox_id as "outboxId"
    `,
  );
  return new Map(rows.map(({ id, outboxId }) => [outboxId, id]));
}

const deliveryRow = z.object({
  id: z.number(),
  outboxId: z.number(),
  gateway: z.string(),
  reference: z.string().nullable(),
  status: z.enum(DELIVERY_STATUSES),
  parts: z.number(),
  /** Null for a text that belongs to no alert. */
  alertId: z.number().nullable(),
  personId: z.number(),
  role: z.enum(ROLES),
  intent: z.enum(INTENTS),
  channel: z.enum(CHANNELS),
  step: z.number(),
});

/** One attempt to hand a text over, with what the timeline says of the text. */
export type StoredDelivery = z.output<typeof deliveryRow>;

/** How a receipt says which text it is about: by the gateway's reference, or by our number if it came back. */
export interface DeliveryKey {
  readonly gateway: string;
  readonly reference?: string | undefined;
  readonly deliveryId?: number | undefined;
}

/** The attempt, locked until the transaction ends. */
export function lockDelivery(
  tx: Db,
  { gateway, reference, deliveryId }: DeliveryKey,
): Promise<StoredDelivery | undefined> {
  return maybeOne(
    tx,
    deliveryRow,
    sql`
      select delivery.id, delivery.outbox_id as "outboxId", delivery.gateway, delivery.reference, delivery.status,
             delivery.parts, outbox.alert_id as "alertId", outbox.person_id as "personId", outbox.role, outbox.intent,
             outbox.channel, outbox.step
      from delivery join outbox on outbox.id = delivery.outbox_id
      where delivery.gateway = ${gateway}
        and (delivery.reference = ${reference ?? null} or (delivery.id = ${deliveryId ?? null}
             and (delivery.reference is null or ${reference ?? null}::text is null)))
      order by delivery.reference is null
      limit 1
      for update of delivery
    `,
  );
}

export interface DeliveryChange {
  readonly status: DeliveryStatus;
  readonly at: Date;
  readonly reference?: string | undefined;
  readonly parts?: number | undefined;
  readonly cause?: FailureCause | undefined;
  readonly code?: string | undefined;
}

/** Writes what has become known of an attempt; what is left out stays as it was. */
export async function updateDelivery(tx: Db, id: number, change: DeliveryChange): Promise<void> {
  await execute(
    tx,
    sql`
      update delivery
      set status = ${change.status}, updated_at = ${change.at},
          reference = coalesce(${change.reference ?? null}, reference), parts = coalesce(${change.parts ?? null}, parts),
          failure_cause = coalesce(${change.cause ?? null}, failure_cause),
          failure_code = coalesce(${change.code ?? null}, failure_code)
      where id = ${id}
    `,
  );
}

const acceptedRow = z.object({ id: z.number(), outboxId: z.number(), gateway: z.string(), parts: z.number() });

/** An attempt of which a gateway said that it took it. */
export type AcceptedDelivery = z.output<typeof acceptedRow>;

export interface Acceptance {
  readonly deliveryId: number;
  readonly reference: string;
  readonly parts?: number | undefined;
}

/** Writes down how a gateway calls the texts it took. Attempts of which more is known by now are left as they are. */
export function markDeliveriesAccepted(tx: Db, accepted: readonly Acceptance[], at: Date): Promise<AcceptedDelivery[]> {
  return many(
    tx,
    acceptedRow,
    sql`
      update delivery
      set status = 'accepted', updated_at = ${at}, reference = said.reference,
          parts = coalesce(said.parts, delivery.parts)
      from unnest(${accepted.map(({ deliveryId }) => deliveryId)}::bigint[],
                  ${accepted.map(({ reference }) => reference)}::text[],
                  ${accepted.map(({ parts }) => parts ?? null)}::smallint[]) as said (id, reference, parts)
      where delivery.id = said.id and delivery.status in ('started', 'unknown')
        and (delivery.reference is null or delivery.reference = said.reference)
      returning delivery.id, outbox_id as "outboxId", gateway, delivery.parts
    `,
  );
}

/** Our own word that an attempt never left. Returns false when more is known of it. */
export async function markNeverLeft(tx: Db, id: number, cause: FailureCause, at: Date): Promise<boolean> {
  const marked = await execute(
    tx,
    sql`
      update delivery set status = 'failed', failure_cause = ${cause}, updated_at = ${at}
      where id = ${id} and status in ('started', 'unknown') and reference is null
    `,
  );
  return marked > 0;
}

/** Nobody knows what became of an attempt. Returns false when a receipt has told meanwhile. */
export async function markDeliveryUnknown(tx: Db, id: number, at: Date): Promise<boolean> {
  const marked = await execute(
    tx,
    sql`
      update delivery set status = 'unknown', updated_at = ${at} where id = ${id} and status in ('started', 'unknown')
    `,
  );
  return marked > 0;
}

/** Of a gateway's references, those that no attempt of ours is known by. The order is kept. */
export async function unclaimedReferences(db: Db, gateway: string, references: readonly string[]): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ reference: z.string() }),
    sql`
      select found.reference
      from unnest(${references}::text[]) with ordinality as found (reference, place)
      where not exists (select from delivery where delivery.gateway = ${gateway}
                        and delivery.reference = found.reference)
      order by found.place
    `,
  );
  return rows.map(({ reference }) => reference);
}

const silentRow = z.object({
  id: z.number(),
  gateway: z.string(),
  reference: z.string(),
  phone: z.string(),
  startedAt: z.date(),
});

/** A text that a gateway took, without a word since of what became of it. */
export type SilentDelivery = z.output<typeof silentRow>;

export interface SilenceSearch {
  readonly at: Date;
  readonly gateways: readonly string[];
  /** Only texts that left between these. */
  readonly from: Date;
  readonly until: Date;
  readonly limit: number;
}

/**
 * Takes texts of which nothing was heard since a gateway took them, and notes that they are asked about: each a second
 * time when it is twice as old as at the first, and so on. No other process is given the same ones.
 */
export function takeSilentDeliveries(
  db: Db,
  { at, gateways, from, until, limit }: SilenceSearch,
): Promise<SilentDelivery[]> {
  return many(
    db,
    silentRow,
    sql`
      with silent as (
        select id from delivery
        where status in ('accepted', 'sent') and started_at between ${from} and ${until}
          and reference is not null and gateway = any (${gateways})
          and (asked_at is null or ${at}::timestamptz - started_at >= 2 * (asked_at - started_at))
        order by asked_at nulls first, started_at
        limit ${limit}
        for update skip locked
      )
      update delivery set asked_at = ${at}
      from silent, outbox join person on person.id = outbox.person_id
      where delivery.id = silent.id and outbox.id = delivery.outbox_id
      returning delivery.id, delivery.gateway, delivery.reference, person.phone, delivery.started_at as "startedAt"
    `,
  );
}
