import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';
import { type Written, written } from './written.ts';

export interface HouseholdToWrite {
  readonly code: string;
  /** Code of a community that is in the database by now. */
  readonly community: string;
  /** Undefined keeps what is known, here and below; tier 2 for a new home. */
  readonly tier: number | undefined;
  readonly timeZone: string | undefined;
  /** A day (its midnight in the home's zone) or an instant, in ISO 8601. A new home is watched from now. */
  readonly monitoredFrom: string | undefined;
}

export interface HouseholdDefaults {
  readonly timeZone: string;
  readonly at: Date;
}

/** Adds homes, and brings those that exist up to date. A home whose watch had ended is watched again from a later day. */
export function writeHouseholds(
  tx: Db,
  households: readonly HouseholdToWrite[],
  defaults: HouseholdDefaults,
): Promise<Written> {
  return written(
    tx,
    sql`
      insert into household as known (code, community_id, tier, time_zone, monitored_from)
      select given.code, community.id, coalesce(given.tier, standing.tier, 2), home.zone,
             case when given."monitoredFrom" is null then coalesce(standing.monitored_from, ${defaults.at})
                  when length(given."monitoredFrom") = 10 then given."monitoredFrom"::timestamp at time zone home.zone
                  else given."monitoredFrom"::timestamptz end
      from json_to_recordset(${JSON.stringify(households)})
           as given (code text, community text, tier smallint, "timeZone" text, "monitoredFrom" text)
      join community on community.code = given.community
      left join household standing on standing.code = given.code
      cross join lateral (select coalesce(given."timeZone", standing.time_zone, ${defaults.timeZone}) as zone) home
      on conflict (code) do update
      set community_id = excluded.community_id, tier = excluded.tier, time_zone = excluded.time_zone,
          monitored_from = excluded.monitored_from,
          monitored_until = case when known.monitored_until > excluded.monitored_from then known.monitored_until end
      where (known.community_id, known.tier, known.time_zone, known.monitored_from)
            is distinct from (excluded.community_id, excluded.tier, excluded.time_zone, excluded.monitored_from)
      returning code as key, xmax = 0 as added
    `,
  );
}

export interface ResidentToWrite {
  /** The home's code. */
  readonly household: string;
  readonly name: string;
}

const keyRow = z.object({ key: z.string() });

/** Makes each named person the one resident of their home. Returns the codes of the homes where that was a change. */
export async function writeResidents(tx: Db, residents: readonly ResidentToWrite[]): Promise<string[]> {
  const rows = await many(
    tx,
    keyRow,
    sql`
      with given as materialized (
        select household.id as household_id, household.code, given.name
        from json_to_recordset(${JSON.stringify(residents)}) as given (household text, name text)
        join household on household.code = given.household
      ), gone as (
        delete from resident using given
        where resident.household_id = given.household_id and resident.name <> given.name
        returning given.code
      ), come as (
        insert into resident (household_id, name)
        select household_id, name from given
        where not exists (
          select from resident where resident.household_id = given.household_id and resident.name = given.name
        )
        returning household_id
      )
      select code as key from gone
      union
      select given.code from come join given on given.household_id = come.household_id
    `,
  );
  return rows.map(({ key }) => key);
}
