import { z } from 'zod';
import { type Db, execute, many, one, sql } from './sql.ts';

const listedRow = z.object({
  id: z.number(),
  name: z.string(),
  phone: z.string(),
  awayFrom: z.date(),
  awayUntil: z.date(),
  substitute: z.string().nullable(),
  substitutePhone: z.string().nullable(),
});

/** Leave with the names of whoever is away and of whoever stands in. */
export type ListedLeave = z.output<typeof listedRow>;

/** Leave that stands at `at` or is to come; with `all` also that which is over. The soonest to begin comes first. */
export function listLeave(
  db: Db,
  { at, all, limit }: { readonly at: Date; readonly all: boolean; readonly limit: number },
): Promise<ListedLeave[]> {
  return many(
    db,
    listedRow,
    sql`
      select leave.id, person.name, person.phone, away_from as "awayFrom", away_until as "awayUntil",
             standin.name as substitute, standin.phone as "substitutePhone"
      from leave
      join person on person.id = person_id
      left join person as standin on standin.id = substitute_id
      where ${all} or away_until > ${at}
      order by away_from, leave.id limit ${limit}
    `,
  );
}

export interface LeaveEntry {
  readonly personId: number;
  readonly awayFrom: Date;
  readonly awayUntil: Date;
  readonly substituteId: number | undefined;
}

/**
 * Writes leave, in place of what it overlaps of the same person: the latest word stands. Leave that had begun before ends
 * where the new one begins, and leave that lasts longer goes on behind it.
 */
export async function setLeave(tx: Db, { personId, awayFrom, awayUntil, substituteId }: LeaveEntry): Promise<void> {
  const substitute = substituteId ?? null;
  await execute(
    tx,
    sql`
      insert into leave (person_id, away_from, away_until, substitute_id)
      select person_id, ${awayUntil}::timestamptz, away_until, substitute_id from leave
      where person_id = ${personId} and away_from < ${awayUntil} and away_until > ${awayUntil}
    `,
  );
  await execute(
    tx,
    sql`
      update leave set away_until = ${awayFrom}
      where person_id = ${personId} and away_from < ${awayFrom} and away_until > ${awayFrom}
    `,
  );
  await execute(
    tx,
    sql`
      delete from leave
      where person_id = ${personId} and away_from >= ${awayFrom} and away_from < ${awayUntil}
    `,
  );
  await execute(
    tx,
    sql`
      insert into leave (person_id, away_from, away_until, substitute_id)
      values (${personId}, ${awayFrom}, ${awayUntil}, ${substitute})
    `,
  );
}

/** Ends leave that lasts at `at`, and takes back what was to come. Returns how many entries that were. */
export async function endLeave(tx: Db, personId: number, at: Date): Promise<number> {
  const takenBack = await execute(tx, sql`delete from leave where person_id = ${personId} and away_from >= ${at}`);
  const ended = await execute(
    tx,
    sql`update leave set away_until = ${at} where person_id = ${personId} and away_from < ${at} and away_until > ${at}`,
  );
  return takenBack + ended;
}

/** Of how many homes somebody is a guardian or contact, and of how many communities they are staff. */
export function placesOf(db: Db, personId: number): Promise<{ homes: number; communities: number }> {
  return one(
    db,
    z.object({ homes: z.number(), communities: z.number() }),
    sql`
      select (select count(distinct household_id) from pairing where person_id = ${personId}) as homes,
             (select count(distinct community_id) from community_staff where person_id = ${personId}) as communities
    `,
  );
}

const rotaRow = z.object({
  community: z.string(),
  weekday: z.number().nullable(),
  date: z.string().nullable(),
  fromMinute: z.number(),
  untilMinute: z.number(),
  name: z.string(),
  phone: z.string(),
});

/** A shift of a rota, with the name of whoever has it. */
export type ListedShift = z.output<typeof rotaRow>;

/** The shifts of a community's rota, or of all, those of the week before those of single dates that are not over by `date`. */
export function listShifts(
  db: Db,
  { community, date }: { readonly community: string | undefined; readonly date: string },
): Promise<ListedShift[]> {
  return many(
    db,
    rotaRow,
    sql`
      select community.code as community, weekday, to_char(on_date, 'YYYY-MM-DD') as date,
             from_minute as "fromMinute", until_minute as "untilMinute", person.name, person.phone
      from duty_shift
      join community on community.id = duty_shift.community_id
      join person on person.id = duty_shift.person_id
      where (${community ?? null}::text is null or community.code = ${community ?? null})
        and (on_date is null or on_date >= ${date}::date)
      order by community.code, on_date nulls first, weekday, from_minute, duty_shift.id
    `,
  );
}
