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

/** A shift of a community above a home, and how many levels above. */
export type ShiftAbove = z.output<typeof shiftRow> & DutyShift;

/** The shifts of the communities above a home, the nearest first. */
export function shiftsAbove(db: Db, householdId: number): Promise<ShiftAbove[]> {
  return many(
    db,
    shiftRow,
    sql`
      select duty_shift.community_id as "communityId", distance, person_id as "personId", weekday, to_char(on_date, 'YYYY-MM-DD') as date,
             from_minute as "fromMinute", until_minute as "untilMinute"
      from household
      cross join communities_above(household.community_id) above
      join duty_shift on duty_shift.community_id = above.community_id
      where household.id = ${householdId}
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
