import { type Db, execute, sql } from './sql.ts';

/** Notes that the page behind a link was asked for. Returns whether it was the first time; later ones leave no trace. */
export async function noteFirstOpening(tx: Db, linkId: number, at: Date): Promise<boolean> {
  const noted = await execute(
    tx,
    sql`insert into link_opening (link_id, opened_at) values (${linkId}, ${at}) on conflict (link_id) do nothing`,
  );
  return noted > 0;
}
