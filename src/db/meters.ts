import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

const meterRow = z.object({ id: z.number(), serial: z.string() });

/** A meter that is on the books, whether or not it is bound to a home at the moment. */
export type KnownMeter = z.output<typeof meterRow>;

/** The meters among these serials; those that nobody registered are missing from the answer. */
export function findMeters(db: Db, serials: readonly string[]): Promise<KnownMeter[]> {
  return many(db, meterRow, sql`select id, serial from meter where serial = any (${serials})`);
}
