import { int8Array } from './array-literal.ts';
import { type Db, execute, sql } from './sql.ts';

/** A home whose days are known anew from `firstDate` (`2026-03-01`) on. */
export interface RolledUpHome {
  readonly householdId: number;
  readonly firstDate: string;
  readonly since: Date;
}

export interface HomeDayRow {
  readonly householdId: number;
  readonly localDate: string;
  readonly dayS: number;
  readonly knownS: number;
  readonly readings: number;
  readonly litres: number;
  readonly estimatedLitres: number;
  readonly hasGap: boolean;
  readonly hasBackflow: boolean;
  readonly hasNewDial: boolean;
}

/**
 * Writes days of homes over what was known of them before, those that differ. A day before `settledBefore` that is there already stays as
 * it is: the readings behind it may be gone. Returns how many rows changed.
 */
export function storeHomeDays(db: Db, days: readonly HomeDayRow[], settledBefore: string): Promise<number> {
  return execute(
    db,
    sql`
      insert into household_day (household_id, local_day, day_s, known_s, readings, litres, estimated_l,
                                 has_gap, has_backflow, has_new_dial)
      select incoming.*
      from unnest(
        ${int8Array(days.map(({ householdId }) => householdId))}::int8[],
        ${textArray(days.map(({ localDate }) => localDate))}::date[],
        ${int8Array(days.map(({ dayS }) => dayS))}::int4[],
        ${int8Array(days.map(({ knownS }) => knownS))}::int4[],
        ${int8Array(days.map(({ readings }) => readings))}::int4[],
        ${int8Array(days.map((day) => day.litres))}::int8[],
        ${int8Array(days.map(({ estimatedLitres }) => estimatedLitres))}::int8[],
        ${textArray(days.map(({ hasGap }) => String(hasGap)))}::bool[],
        ${textArray(days.map(({ hasBackflow }) => String(hasBackflow)))}::bool[],
        ${textArray(days.map(({ hasNewDial }) => String(hasNewDial)))}::bool[]
      ) as incoming (household_id, local_day, day_s, known_s, readings, litres, estimated_l,
                     has_gap, has_backflow, has_new_dial)
      left join household_day known on known.household_id = incoming.household_id
        and known.local_day = incoming.local_day
      where known.household_id is null
        or known.local_day >= ${settledBefore}::date
          and (known.day_s, known.known_s, known.readings, known.litres, known.estimated_l,
               known.has_gap, known.has_backflow, known.has_new_dial)
            is distinct from
              (incoming.day_s, incoming.known_s, incoming.readings, incoming.litres, incoming.estimated_l,
               incoming.has_gap, incoming.has_backflow, incoming.has_new_dial)
      on conflict (household_id, local_day) do update
      set day_s = excluded.day_s, known_s = excluded.known_s, readings = excluded.readings, litres = excluded.litres,
          estimated_l = excluded.estimated_l, has_gap = excluded.has_gap, has_backflow = excluded.has_backflow,
          has_new_dial = excluded.has_new_dial
    `,
  );
}

/** Deletes the days of these homes of which nothing is known any more: all from `firstDate` on but those given. */
export function forgetOtherDays(
  db: Db,
  homes: readonly RolledUpHome[],
  days: readonly Pick<HomeDayRow, 'householdId' | 'localDate'>[],
  settledBefore: string,
): Promise<number> {
  return execute(
    db,
    sql`
      delete from household_day
      using unnest(${int8Array(homes.map(({ householdId }) => householdId))}::int8[],
                   ${textArray(homes.map(({ firstDate }) => firstDate))}::date[]) as home (household_id, first_date)
      where household_day.household_id = home.household_id and local_day >= first_date
        and local_day >= ${settledBefore}::date
        and (household_day.household_id, local_day) not in (
          select * from unnest(${int8Array(days.map(({ householdId }) => householdId))}::int8[],
                               ${textArray(days.map(({ localDate }) => localDate))}::date[])
        )
    `,
  );
}

export interface FloorRow {
  readonly meterId: number;
  readonly householdId: number;
  readonly readAtMs: number;
  readonly floorLitres: number;
}

/** Forgets how far registers had been held back from the rolled-up days on, before that is written anew. */
export async function forgetFloors(db: Db, homes: readonly RolledUpHome[]): Promise<void> {
  await execute(
    db,
    sql`
      delete from register_floor
      using unnest(${int8Array(homes.map(({ householdId }) => householdId))}::int8[],
                   ${homes.map(({ since }) => since)}::timestamptz[]) as home (household_id, since)
      where register_floor.household_id = home.household_id and read_at >= since
    `,
  );
}

/** Keeps what the days that follow must start from. */
export async function storeFloors(db: Db, floors: readonly FloorRow[]): Promise<void> {
  await execute(
    db,
    sql`
      insert into register_floor (meter_id, household_id, read_at, floor_l)
      select meter_id, household_id, to_timestamp(read_at_ms::float8 / 1000), floor_l
      from unnest(${int8Array(floors.map(({ meterId }) => meterId))}::int8[],
                  ${int8Array(floors.map(({ householdId }) => householdId))}::int8[],
                  ${int8Array(floors.map(({ readAtMs }) => readAtMs))}::int8[],
                  ${int8Array(floors.map(({ floorLitres }) => floorLitres))}::int8[])
        as floor (meter_id, household_id, read_at_ms, floor_l)
    `,
  );
}

/** Dates and truth values as the text of an array: none of them can hold a quote or a comma. */
function textArray(words: readonly string[]): string {
  return `{${words.join(',')}}`;
}
