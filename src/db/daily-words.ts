import { z } from 'zod';
import { absent } from './absent.ts';
import { LANGUAGES } from '../domain/language.ts';
import { type Db, execute, many, maybeOne, sql } from './sql.ts';

export interface HomeAndPerson {
  readonly householdId: number;
  readonly personId: number;
}

/** Whether a guardian gets the daily word of a home; undefined for anybody who is no guardian of it. */
export async function wantsDailyWord(db: Db, { householdId, personId }: HomeAndPerson): Promise<boolean | undefined> {
  const row = await maybeOne(
    db,
    z.object({ isOn: z.boolean() }),
    sql`
      select daily_word.id is not null as "isOn"
      from pairing
      left join daily_word on daily_word.household_id = pairing.household_id
        and daily_word.person_id = pairing.person_id and daily_word.stopped_at is null
      where pairing.household_id = ${householdId} and pairing.person_id = ${personId} and role = 'guardian'
    `,
  );
  return row?.isOn;
}

/** A guardian asks for the daily word of a home. Returns false where they have it already or are no guardian of it. */
export async function beginDailyWord(tx: Db, { householdId, personId }: HomeAndPerson, at: Date): Promise<boolean> {
  const begun = await execute(
    tx,
    sql`
      insert into daily_word as known (household_id, person_id, since)
      select household_id, person_id, ${at}::timestamptz from pairing
      where household_id = ${householdId} and person_id = ${personId} and role = 'guardian'
      on conflict (household_id, person_id) do update set since = excluded.since, stopped_at = null
      where known.stopped_at is not null
    `,
  );
  return begun > 0;
}

const stoppedRow = z.object({ dailyWordId: z.number(), householdId: z.number(), personId: z.number() });
export type StoppedDailyWord = z.output<typeof stoppedRow>;

/**
 * Stops the daily word of one home, or of all homes of a person; those that still wait are not sent. Yields those that
 * were not stopped before.
 */
export async function endDailyWords(
  tx: Db,
  { personId, householdId }: { readonly personId: number; readonly householdId?: number | undefined },
  at: Date,
): Promise<StoppedDailyWord[]> {
  const stopped = await many(
    tx,
    stoppedRow,
    sql`
      update daily_word set stopped_at = greatest(since, ${at}::timestamptz)
      where person_id = ${personId} and stopped_at is null
        and (${householdId ?? null}::bigint is null or household_id = ${householdId ?? null})
      returning id as "dailyWordId", household_id as "householdId", person_id as "personId"
    `,
  );
  const ids = stopped.map(({ dailyWordId }) => dailyWordId);
  await execute(tx, sql`update notice set over_at = least(over_at, ${at}) where daily_word_id = any (${ids})`);
  return stopped;
}

/** Holds a daily word until the transaction ends, so that nobody stops it meanwhile. False when it is stopped. */
export async function holdDailyWord(tx: Db, dailyWordId: number): Promise<boolean> {
  const row = await maybeOne(
    tx,
    z.object({ id: z.number() }),
    sql`select id from daily_word where id = ${dailyWordId} and stopped_at is null for update`,
  );
  return row !== undefined;
}

const dueRow = z.object({
  dailyWordId: z.number(),
  householdId: z.number(),
  personId: z.number(),
  timeZone: z.string(),
  /** The day by the calendar at home. */
  localDay: z.string(),
});
export type DueDailyWord = z.output<typeof dueRow>;

export interface DueSearch {
  readonly at: Date;
  /** Only homes where any water ran since. */
  readonly usedSince: Date;
  /** Only people who were owed no daily word since: somebody with many homes gets them one by one. */
  readonly toldSince: Date;
  /** Local time before which nobody is told: `06:00`. */
  readonly notBefore: string;
  /** Only those after this one. */
  readonly after: number;
  readonly limit: number;
}

/**
 * Guardians to whom the word of their home's day is still owed: asked for before this day began, and nothing told of it
 * yet. A home with an open alert, or that is not under watch, has none, and neither has who wants no texts at all.
 */
export function dueDailyWords(db: Db, search: DueSearch): Promise<DueDailyWord[]> {
  const { at, usedSince, toldSince, notBefore, after, limit } = search;
  return many(
    db,
    dueRow,
    sql`
      select daily_word.id as "dailyWordId", household.id as "householdId", person.id as "personId",
             household.time_zone as "timeZone", today.local_day::text as "localDay"
      from daily_word
      join household on household.id = daily_word.household_id and monitored_from <= ${at}
        and (monitored_until is null or monitored_until > ${at})
      join person on person.id = daily_word.person_id and opted_out_at is null
      join pairing on pairing.household_id = household.id and pairing.person_id = person.id and role = 'guardian'
      join home_watch on home_watch.household_id = household.id and last_use_at >= ${usedSince}
      cross join lateral (
        select (${at}::timestamptz at time zone household.time_zone)::date as local_day,
               (${at}::timestamptz at time zone household.time_zone)::time as wall_time
      ) as today
      where stopped_at is null and daily_word.id > ${after} and wall_time >= ${notBefore}::time
        and (since at time zone household.time_zone)::date < local_day
        and not exists (select from notice where notice.daily_word_id = daily_word.id and notice.local_day >= today.local_day)
        and not exists (select from alert where alert.household_id = household.id and alert.state <> 'closed')
        and not exists (select from notice join daily_word as other on other.id = notice.daily_word_id
                        where other.person_id = person.id and notice.created_at > ${toldSince})
      order by daily_word.id
      limit ${limit}
    `,
  );
}

export interface NewDailyWordLink {
  readonly noticeId: number;
  /** SHA-256 of the token: 32 bytes. The token itself is kept nowhere. */
  readonly tokenHash: Buffer;
}

/** Makes the link in a daily text valid. Older ones than `keptSince` go, but for the newest before this one. */
export async function insertDailyWordLink(
  tx: Db,
  { noticeId, tokenHash }: NewDailyWordLink,
  { at, keptSince }: { readonly at: Date; readonly keptSince: Date },
): Promise<void> {
  await execute(
    tx,
    sql`
      delete from daily_word_link as old using notice
      where notice.id = ${noticeId} and old.daily_word_id = notice.daily_word_id and old.created_at < ${keptSince}
        and exists (select from daily_word_link as newer
                    where newer.daily_word_id = old.daily_word_id and newer.created_at > old.created_at)
    `,
  );
  await execute(
    tx,
    sql`
      insert into daily_word_link (token_hash, daily_word_id, created_at)
      select ${tokenHash}, daily_word_id, ${at} from notice where id = ${noticeId}
    `,
  );
}

const linkedRow = z.object({
  householdId: z.number(),
  personId: z.number(),
  language: z.enum(LANGUAGES),
  homeCode: z.string(),
  residentName: absent(z.string()),
  isOn: z.boolean(),
});

/** What the page that stops a daily word knows. The name is in full: mask it before it is shown. */
export type LinkedDailyWord = z.output<typeof linkedRow>;

/** The daily word behind a link; undefined when no valid link has this hash. It changes nothing. */
export function dailyWordBehindLink(db: Db, tokenHash: Buffer): Promise<LinkedDailyWord | undefined> {
  return maybeOne(
    db,
    linkedRow,
    sql`
      select household.id as "householdId", person.id as "personId", person.language, household.code as "homeCode",
             resident.name as "residentName", stopped_at is null as "isOn"
      from daily_word_link
      join daily_word on daily_word.id = daily_word_link.daily_word_id
      join household on household.id = daily_word.household_id
      join person on person.id = daily_word.person_id
      left join lateral (select name from resident where household_id = household.id order by id limit 1) as resident
        on true
      where token_hash = ${tokenHash}
    `,
  );
}
