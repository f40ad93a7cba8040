import { z } from 'zod';
import { LANGUAGES } from '../domain/language.ts';
import type { DeliveryKey } from './deliveries.ts';
import { type Db, maybeOne, sql } from './sql.ts';

const calledRow = z.object({ alertId: z.number(), personId: z.number(), language: z.enum(LANGUAGES) });

/** Who was called about which alert. */
export type Called = z.output<typeof calledRow>;

/** Whom an attempt called, and about what; undefined where it is not known or was about no alert. */
export function calledIn(
  db: Db,
  { gateway, reference, deliveryId }: Required<DeliveryKey>,
): Promise<Called | undefined> {
  return maybeOne(
    db,
    calledRow,
    sql`
      select outbox.alert_id as "alertId", outbox.person_id as "personId", person.language
      from delivery
      join outbox on outbox.id = delivery.outbox_id
      join person on person.id = outbox.person_id
      where delivery.gateway = ${gateway} and outbox.alert_id is not null
        and (delivery.reference = ${reference ?? null}
             or (delivery.id = ${deliveryId ?? null} and delivery.reference is null))
      order by delivery.reference is null
      limit 1
    `,
  );
}
