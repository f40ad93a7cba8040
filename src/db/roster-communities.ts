import { type Db, sql } from './sql.ts';
import { type Written, written } from './written.ts';

export interface CommunityToWrite {
  readonly code: string;
  readonly name: string;
  readonly level: 'city' | 'town' | 'community';
  /** Code of a community that is in the database by now; undefined for a city. */
  readonly parent: string | undefined;
}

/** Adds communities, and brings those that exist up to date. A level never changes. */
export function writeCommunities(tx: Db, communities: readonly CommunityToWrite[]): Promise<Written> {
  return written(
    tx,
    sql`
      insert into community as known (code, name, level, parent_id)
      select given.code, given.name, given.level, parent.id
      from json_to_recordset(${JSON.stringify(communities)}) as given (code text, name text, level text, parent text)
      left join community parent on parent.code = given.parent
      on conflict (code) do update set name = excluded.name, parent_id = excluded.parent_id
      where (known.name, known.parent_id) is distinct from (excluded.name, excluded.parent_id)
      returning code as key, xmax = 0 as added
    `,
  );
}
