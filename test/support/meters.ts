import type { DbPool } from '../../src/db/sql.ts';
import type { Home } from './town.ts';

let nextMeter = 0;

/** Another meter at the same home, from a time on. Returns the home as seen by it. */
export async function addMeter(pool: DbPool, home: Home, boundFrom: Date): Promise<Home> {
  nextMeter += 1;
  const serial = `${home.serial}-${nextMeter}`;
  const { rows } = await pool.query<{ id: number }>('insert into meter (serial) values ($1) returning id', [serial]);
  const meterId = rows[0]!.id;
  const bind = 'insert into meter_binding (meter_id, household_id, bound_from) values ($1, $2, $3)';
  await pool.query(bind, [meterId, home.id, boundFrom]);
  return { ...home, meterId, serial };
}

/** The meter is taken out of the home. */
export async function removeMeter(pool: DbPool, home: Home, at: Date): Promise<void> {
  await pool.query('update meter_binding set bound_until = $2 where meter_id = $1', [home.meterId, at]);
}
