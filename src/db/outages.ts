import { z } from 'zod';
import { SCOPE_KINDS } from '../domain/area/area-scope.ts';
import { type Db, execute, many, maybeOne, one, sql, type Statement } from './sql.ts';

const outageRow = z.object({
  id: z.number(),
  cause: z.enum(['silent', 'dry', 'works', 'feed']),
  kind: z.enum(SCOPE_KINDS),
  name: z.string(),
  beganAt: z.date(),
  noticedAt: z.date(),
  heldUntil: z.date(),
  endedAt: z.date().nullable(),
  endedBy: z.enum(['recovered', 'expired', 'person']).nullable(),
  homes: z.number(),
  affected: z.number(),
  usualShare: z.number().nullable(),
  declaredBy: z.string().nullable(),
  note: z.string(),
  /** Homes whose alert waits for it now. */
  held: z.number(),
});

/** Many homes of one area at once, or works entered ahead. */
export type Outage = z.output<typeof outageRow>;

const COLUMNS = `
  outage.id, cause, scope_kind as kind, scope as name, began_at as "beganAt", noticed_at as "noticedAt",
  held_until as "heldUntil", ended_at as "endedAt", ended_by as "endedBy", homes, affected,
  usual_share as "usualShare", declared_by as "declaredBy", note,
  (select count(*) from alert_hold where outage_id = outage.id and released_at is null) as held`;

/** Fixed text around a statement's own parameters. */
const selecting = ({ text, values }: Statement): Statement => ({
  text: `select ${COLUMNS} from outage ${text}`,
  values,
});

/** Every outage that has not ended, works that are still to come among them. */
export function openOutages(db: Db): Promise<Outage[]> {
  return many(db, outageRow, selecting(sql`where ended_at is null order by began_at, outage.id`));
}

/** The newest outages and works, ended ones too. */
export function newestOutages(db: Db, limit: number): Promise<Outage[]> {
  return many(
    db,
    outageRow,
    selecting(sql`order by ended_at is not null, began_at desc, outage.id desc limit ${limit}`),
  );
}

/** An outage, locked until the transaction ends. */
export function lockOutage(tx: Db, id: number): Promise<Outage | undefined> {
  return maybeOne(tx, outageRow, selecting(sql`where outage.id = ${id} for update`));
}

export type NewOutage = Pick<
  Outage,
  'cause' | 'kind' | 'name' | 'beganAt' | 'noticedAt' | 'heldUntil' | 'homes' | 'affected'
> & { readonly usualShare?: number; readonly declaredBy?: string; readonly note?: string };

/** Opens an outage. Yields undefined where the area has an open one of this cause. */
export async function insertOutage(tx: Db, outage: NewOutage): Promise<number | undefined> {
  const { cause, kind, name, beganAt, noticedAt, heldUntil, homes, affected } = outage;
  const { usualShare = null, declaredBy = null, note = '' } = outage;
  const row = await maybeOne(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into outage (cause, scope_kind, scope, began_at, noticed_at, held_until, homes, affected, usual_share,
                          declared_by, note)
      values (${cause}, ${kind}, ${name}, ${beganAt}, ${noticedAt}, ${heldUntil}, ${homes}, ${affected}, ${usualShare},
              ${declaredBy}, ${note})
      on conflict (scope_kind, scope, cause) where ended_at is null and cause <> 'works' do nothing
      returning id
    `,
  );
  return row?.id;
}

/** Ends an outage. Returns false when it had ended before. */
export async function endOutage(
  tx: Db,
  { id, at, by }: { readonly id: number; readonly at: Date; readonly by: NonNullable<Outage['endedBy']> },
): Promise<boolean> {
  const ended = await execute(
    tx,
    sql`update outage set ended_at = ${at}, ended_by = ${by} where id = ${id} and ended_at is null`,
  );
  return ended > 0;
}

/** Writes how many homes are affected now. */
export async function countOutage(tx: Db, id: number, counts: Pick<Outage, 'homes' | 'affected'>): Promise<void> {
  await execute(tx, sql`update outage set homes = ${counts.homes}, affected = ${counts.affected} where id = ${id}`);
}

export interface OutageEvent {
  readonly outageId: number;
  readonly at: Date;
  readonly type: 'noticed' | 'entered' | 'told' | 'hold_over' | 'ended';
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Adds a line to an outage's timeline. */
export async function recordOutageEvent(tx: Db, { outageId, at, type, detail = {} }: OutageEvent): Promise<void> {
  await execute(
    tx,
    sql`insert into outage_event (outage_id, at, type, detail) values (${outageId}, ${at}, ${type}, ${detail})`,
  );
}

/** Whether the timeline has a line of this type. */
export async function hasOutageEvent(db: Db, outageId: number, type: OutageEvent['type']): Promise<boolean> {
  const { has } = await one(
    db,
    z.object({ has: z.boolean() }),
    sql`select exists (select from outage_event where outage_id = ${outageId} and type = ${type}) as has`,
  );
  return has;
}
