import { type Db, execute, sql } from './sql.ts';

export interface LeaveToWrite {
  readonly phone: string;
  readonly awayFrom: Date;
  readonly awayUntil: Date;
  readonly substitute: string | null;
}

export interface ShiftToWrite {
  readonly community: string;
  /** 1 is Monday; null for a shift of one date. */
  readonly weekday: number | null;
  readonly date: string | null;
  readonly fromMinute: number;
  readonly untilMinute: number;
  readonly phone: string;
}

/** Takes out the leave of the named people that is not among `leaves`. Returns how many entries went. */
export function deleteOtherLeaves(tx: Db, leaves: readonly LeaveToWrite[]): Promise<number> {
  return execute(
    tx,
    sql`
      with given as materialized (
        select person.id, "awayFrom" as away_from, "awayUntil" as away_until, standin.id as substitute_id
        from json_to_recordset(${JSON.stringify(leaves)})
             as given (phone text, "awayFrom" timestamptz, "awayUntil" timestamptz, substitute text)
        join person on person.phone = given.phone
        left join person as standin on standin.phone = given.substitute
      )
      delete from leave
      where person_id in (select id from given)
        and not exists (
          select from given
          where given.id = person_id and given.away_from = leave.away_from and given.away_until = leave.away_until
            and given.substitute_id is not distinct from leave.substitute_id
        )
    `,
  );
}

/** Adds the leave that is not there yet. Returns how many entries came. */
export function insertLeaves(tx: Db, leaves: readonly LeaveToWrite[]): Promise<number> {
  return execute(
    tx,
    sql`
      insert into leave (person_id, away_from, away_until, substitute_id)
      select person.id, "awayFrom", "awayUntil", standin.id
      from json_to_recordset(${JSON.stringify(leaves)})
           as given (phone text, "awayFrom" timestamptz, "awayUntil" timestamptz, substitute text)
      join person on person.phone = given.phone
      left join person as standin on standin.phone = given.substitute
      where not exists (
        select from leave
        where person_id = person.id and away_from = "awayFrom" and away_until = "awayUntil"
          and substitute_id is not distinct from standin.id
      )
    `,
  );
}

/** Takes out the shifts of the named communities that are not among `shifts`. Returns how many went. */
export function deleteOtherShifts(tx: Db, shifts: readonly ShiftToWrite[]): Promise<number> {
  return execute(
    tx,
    sql`
      with given as materialized (
        select community.id, weekday, date, "fromMinute", "untilMinute", person.id as person_id
        from json_to_recordset(${JSON.stringify(shifts)})
             as given (community text, weekday smallint, date date, "fromMinute" smallint, "untilMinute" smallint, phone text)
        join community on community.code = given.community
        join person on person.phone = given.phone
      )
      delete from duty_shift
      where community_id in (select id from given)
        and not exists (
          select from given
          where given.id = community_id and given.person_id = duty_shift.person_id
            and given.weekday is not distinct from duty_shift.weekday and given.date is not distinct from on_date
            and "fromMinute" = from_minute and "untilMinute" = until_minute
        )
    `,
  );
}

/** Adds the shifts that are not there yet. Returns how many came. */
export function insertShifts(tx: Db, shifts: readonly ShiftToWrite[]): Promise<number> {
  return execute(
    tx,
    sql`
      insert into duty_shift (community_id, person_id, weekday, on_date, from_minute, until_minute)
      select community.id, person.id, given.weekday, date, "fromMinute", "untilMinute"
      from json_to_recordset(${JSON.stringify(shifts)})
           as given (community text, weekday smallint, date date, "fromMinute" smallint, "untilMinute" smallint, phone text)
      join community on community.code = given.community
      join person on person.phone = given.phone
      where not exists (
        select from duty_shift
        where community_id = community.id and person_id = person.id
          and duty_shift.weekday is not distinct from given.weekday and on_date is not distinct from date
          and from_minute = "fromMinute" and until_minute = "untilMinute"
      )
    `,
  );
}
