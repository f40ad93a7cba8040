import { z } from 'zod';
import { type Db, many, one, sql } from './sql.ts';

export interface CheckNote {
  readonly alertId: number;
  readonly personId: number;
  readonly linkId: number;
  /** 1 to 1000 letters. */
  readonly note: string;
}

/** Keeps what somebody added to a home check later. Returns its number, for the timeline, which holds no text. */
export async function insertCheckNote(
  tx: Db,
  { alertId, personId, linkId, note }: CheckNote,
  at: Date,
): Promise<number> {
  const { id } = await one(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into check_note (alert_id, person_id, link_id, note, written_at)
      values (${alertId}, ${personId}, ${linkId}, ${note}, ${at})
      returning id
    `,
  );
  return id;
}

const keptNote = z.object({ note: z.string(), writtenAt: z.date() });
export type KeptNote = z.output<typeof keptNote>;

/** What a person has added to a check, the oldest first. */
export function notesOf(db: Db, alertId: number, personId: number): Promise<KeptNote[]> {
  return many(
    db,
    keptNote,
    sql`
      select note, written_at as "writtenAt" from check_note
      where alert_id = ${alertId} and person_id = ${personId}
      order by id
    `,
  );
}
