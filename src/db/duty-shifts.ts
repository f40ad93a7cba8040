import { z } from 'zod';
import type { DutyShift } from '../domain/alerting/duty-rota.ts';
import { type Db, many, sql } from './sql.ts';

const shiftRow = z.object({
  communityId: z.number(),
  distance: z.number(),
  personId: z.number(),
  weekday: z.number().nullable(),
  date: z.string().nullable(),
  fromMinute: z.number(),
  untilMinute: z.number(),
});

const shiftAboveRow = shiftRow.extend({ householdId: z.number() });

/** A shift of a community above a home, and how many levels above. */
export type ShiftAbove = z.output<typeof shiftAboveRow> & DutyShift;

/** The shifts of the communities above some homes, the nearest first. */
export function shiftsAbove(db: Db, householdIds: readonly number[]): Promise<ShiftAbove[]> {
  return many(
    db,
    shiftAboveRow,
    sql`
      with home as (
        select id, community_id from household where id = any (${householdIds})
      )
      select home.id as "householdId", duty_shift.community_id as "communityId", distance, person_id as "personId",
             weekday, to_char(on_date, 'YYYY-MM-DD') as date, from_minute as "fromMinute",
             until_minute as "untilMinute"
      from (select distinct community_id from home) leaf
      cross join communities_above(leaf.community_id) above
      join duty_shift on duty_shift.community_id = above.community_id
      join home on home.community_id = leaf.community_id
      order by distance, from_minute, duty_shift.id
    `,
  );
}

const rotaRow = shiftRow.omit({ distance: true, communityId: true }).extend({ code: z.string(), timeZone: z.string() });

/** A shift with the code of its community and the zone in which most of its homes are. */
export type ShiftOfCommunity = z.output<typeof rotaRow>;

/** Every shift of every rota; `timeZone` stands in where a community has no homes of its own. */
export function allShifts(db: Db, timeZone: string): Promise<ShiftOfCommunity[]> {
  return many(
    db,
    rotaRow,
    sql`
      select community.code, duty_shift.person_id as "personId", weekday, to_char(on_date, 'YYYY-MM-DD') as date,
             from_minute as "fromMinute", until_minute as "untilMinute",
             coalesce((select mode() within group (order by time_zone) from household
                       where household.community_id = community.id), ${timeZone}::text) as "timeZone"
      from duty_shift join community on community.id = duty_shift.community_id
      order by community.code, duty_shift.id
    `,
  );
}
