import { type Db, many, sql } from './sql.ts';
import { type Place, placeRow } from './roster-places.ts';

export interface PairingToWrite {
  /** The home's code. */
  readonly household: string;
  readonly role: 'guardian' | 'contact';
  readonly position: number;
  readonly phone: string;
  /** Between which minutes of the day they can be asked; null at any hour. */
  readonly fromMinute: number | null;
  readonly untilMinute: number | null;
}

/** Takes out the pairings of the named homes that are not among `pairings`. Returns the places that fell vacant. */
export function deleteOtherPairings(tx: Db, pairings: readonly PairingToWrite[]): Promise<Place[]> {
  return many(
    tx,
    placeRow,
    sql`
      with given as materialized (
        select * from json_to_recordset(${JSON.stringify(pairings)})
                      as given (household text, role text, position smallint, phone text,
                                "fromMinute" smallint, "untilMinute" smallint)
      )
      delete from pairing using household, person
      where household.id = pairing.household_id and person.id = pairing.person_id
        and household.code in (select given.household from given)
        and not exists (
          select from given
          where given.household = household.code and given.role = pairing.role
            and given.position = pairing.position and given.phone = person.phone
            and "fromMinute" is not distinct from from_minute and "untilMinute" is not distinct from until_minute
        )
      returning pairing.household_id as "ownerId", pairing.role, pairing.position
    `,
  );
}

/** Adds those of the pairings that are not there yet. Returns the places that were filled. */
export function insertPairings(tx: Db, pairings: readonly PairingToWrite[]): Promise<Place[]> {
  return many(
    tx,
    placeRow,
    sql`
      insert into pairing (household_id, person_id, role, position, from_minute, until_minute)
      select household.id, person.id, given.role, given.position, "fromMinute", "untilMinute"
      from json_to_recordset(${JSON.stringify(pairings)})
           as given (household text, role text, position smallint, phone text, "fromMinute" smallint, "untilMinute" smallint)
      join household on household.code = given.household
      join person on person.phone = given.phone
      on conflict do nothing
      returning household_id as "ownerId", role, position
    `,
  );
}
