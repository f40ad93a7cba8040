import { z } from 'zod';
import type { Role } from '../domain/alerting/escalation-policy.ts';
import type { NOTICE_INTENTS } from './outbox.ts';
import type { NoticeFigures } from './owed-texts.ts';
import { type Db, execute, many, maybeOne, sql } from './sql.ts';

export interface NewNotice {
  readonly kind: (typeof NOTICE_INTENTS)[number];
  readonly householdId?: number;
  readonly outageId?: number;
  /** Only with `daily_word`: whose it is, and the day by the calendar at home. */
  readonly dailyWord?: { readonly id: number; readonly localDay: string };
  /** When its texts are of no use any more, if that is known ahead. */
  readonly overAt?: Date;
  /** Figures for the text; no name and no phone. */
  readonly detail: NoticeFigures;
}

/** Writes what people are to be told. Yields undefined when an outage, or the day of a daily word, has its notice already. */
export async function insertNotice(tx: Db, notice: NewNotice, at: Date): Promise<number | undefined> {
  const { kind, householdId = null, outageId = null, dailyWord, overAt = null, detail } = notice;
  const row = await maybeOne(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into notice (kind, household_id, outage_id, daily_word_id, local_day, detail, created_at, over_at)
      values (${kind}, ${householdId}, ${outageId}, ${dailyWord?.id ?? null}, ${dailyWord?.localDay ?? null}, ${detail},
              ${at}, ${overAt})
      on conflict do nothing
      returning id
    `,
  );
  return row?.id;
}

export interface OwedNotice {
  readonly noticeId: number;
  readonly kind: NewNotice['kind'];
  /** 0 for those who are told first; later steps are told when nothing came of it. */
  readonly step: number;
  readonly personId: number;
  readonly role: Role;
}

/** Owes a person the text of a notice, in the transaction that decided it. Owing it twice is a no-op. */
export async function oweNotice(tx: Db, { noticeId, kind, step, personId, role }: OwedNotice, at: Date): Promise<void> {
  await execute(
    tx,
    sql`
      insert into outbox (notice_id, intent, step, person_id, role, requested_at, not_before)
      values (${noticeId}, ${kind}, ${step}, ${personId}, ${role}, ${at}, ${at})
      on conflict (notice_id, step, person_id, channel) do nothing
    `,
  );
}

/** Who has been told of a kind of notice since a time. */
export async function toldSince(db: Db, kind: NewNotice['kind'], since: Date): Promise<Set<number>> {
  const row = z.object({ personId: z.number() });
  const text = sql`
    select distinct person_id as "personId" from outbox where intent = ${kind} and requested_at >= ${since}
  `;
  return new Set((await many(db, row, text)).map(({ personId }) => personId));
}
