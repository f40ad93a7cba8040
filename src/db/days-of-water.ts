import { z } from 'zod';
import type { DayOfWater } from '../domain/metering/recent-water.ts';
import { type Db, many, sql } from './sql.ts';

const dayRow = z.object({ localDay: z.string(), litres: z.coerce.number(), knownShare: z.number() });

/** What is known of a home's water on its own days from `firstDay` on (as in `2026-03-02`), the oldest first. */
export function daysOfWater(db: Db, householdId: number, firstDay: string): Promise<DayOfWater[]> {
  return many(
    db,
    dayRow,
    sql`
      select to_char(local_day, 'YYYY-MM-DD') as "localDay", litres, known_s::float8 / day_s as "knownShare"
      from household_day
      where household_id = ${householdId} and local_day >= ${firstDay}::date
      order by local_day
    `,
  );
}
