import type { Language } from '../domain/language.ts';
import { type Db, sql } from './sql.ts';
import { type Written, written } from './written.ts';

export interface PersonToWrite {
  /** E.164. */
  readonly phone: string;
  readonly name: string;
  /** Undefined keeps what is known; zh-CN for somebody new. */
  readonly language: Language | undefined;
  /** Whether the number was seen to be theirs; undefined keeps what is known. */
  readonly proved: boolean | undefined;
}

/** Adds people, and brings those whose phone is known up to date. A phone proved before keeps its date. */
export function writePeople(tx: Db, people: readonly PersonToWrite[], at: Date): Promise<Written> {
  return written(
    tx,
    sql`
      insert into person as known (phone, name, language, phone_proved_at)
      select given.phone, given.name, coalesce(given.language, standing.language, 'zh-CN'),
             case when coalesce(given.proved, standing.phone_proved_at is not null)
                  then coalesce(standing.phone_proved_at, ${at}) end
      from json_to_recordset(${JSON.stringify(people)}) as given (phone text, name text, language text, proved boolean)
      left join person standing on standing.phone = given.phone
      on conflict (phone) do update
      set name = excluded.name, language = excluded.language, phone_proved_at = excluded.phone_proved_at
      where (known.name, known.language, known.phone_proved_at)
            is distinct from (excluded.name, excluded.language, excluded.phone_proved_at)
      returning phone as key, xmax = 0 as added
    `,
  );
}
