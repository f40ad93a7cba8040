import type { DbPool } from '../../src/db/sql.ts';

const DAYS = 30;

/** Thirty days of water at a home in Shanghai, wholly known, up to the day of `at`: `litres` says how many, so many days ago. */
export async function fillDays(pool: DbPool, householdId: number, at: Date, litres: (ago: number) => number) {
  const agos = Array.from({ length: DAYS }, (_, ago) => ago);
  await pool.query(
    `insert into household_day (household_id, local_day, day_s, known_s, readings, litres, estimated_l, has_gap,
                                has_backflow, has_new_dial)
     select $1, ($2::timestamptz at time zone 'Asia/Shanghai')::date - ago, 86400, 86400, 24, litres, 0, false, false, false
     from unnest($3::int[], $4::int[]) as day (ago, litres)`,
    [householdId, at, agos, agos.map(litres)],
  );
}

/** An ordinary month, and a last day on which nothing has run. */
export function stillToday(ago: number): number {
  return ago === 0 ? 0 : 80 + ((ago * 37) % 60);
}
