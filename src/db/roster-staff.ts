import { type Db, many, sql } from './sql.ts';
import { type Place, placeRow } from './roster-places.ts';

export interface StaffToWrite {
  /** The community's code; it may be a city's or a town's. */
  readonly community: string;
  readonly role: 'supervisor' | 'desk';
  readonly position: number;
  readonly phone: string;
}

/** Takes out the staff of the named communities that are not among `staff`. Returns the places that fell vacant. */
export function deleteOtherStaff(tx: Db, staff: readonly StaffToWrite[]): Promise<Place[]> {
  return many(
    tx,
    placeRow,
    sql`
      with given as materialized (
        select * from json_to_recordset(${JSON.stringify(staff)})
                      as given (community text, role text, position smallint, phone text)
      )
      delete from community_staff using community, person
      where community.id = community_staff.community_id and person.id = community_staff.person_id
        and community.code in (select given.community from given)
        and not exists (
          select from given
          where given.community = community.code and given.role = community_staff.role
            and given.position = community_staff.position and given.phone = person.phone
        )
      returning community_staff.community_id as "ownerId", community_staff.role, community_staff.position
    `,
  );
}

/** Adds those of the staff that are not there yet. Returns the places that were filled. */
export function insertStaff(tx: Db, staff: readonly StaffToWrite[]): Promise<Place[]> {
  return many(
    tx,
    placeRow,
    sql`
      insert into community_staff (community_id, person_id, role, position)
      select community.id, person.id, given.role, given.position
      from json_to_recordset(${JSON.stringify(staff)})
           as given (community text, role text, position smallint, phone text)
      join community on community.code = given.community
      join person on person.phone = given.phone
      on conflict do nothing
      returning community_id as "ownerId", role, position
    `,
  );
}
