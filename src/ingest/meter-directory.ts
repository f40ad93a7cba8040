import { createNewestTimes, type NewestTimes } from '../db/arrange-readings.ts';
import { findMeters } from '../db/meters.ts';
import type { Db } from '../db/sql.ts';

/** What this process knows of the meters. */
export interface MeterDirectory {
  /** Holds the ids of these meters, as far as they are on the books, and perhaps of others. */
  readonly idsOf: (serials: ReadonlySet<string>) => Promise<ReadonlyMap<string, number>>;
  readonly newest: NewestTimes;
}

/** Beyond this many, all are forgotten and asked for again: some 20 MB. */
const MAX_REMEMBERED = 200_000;

/**
 * Remembers the ids of meters, which never change.
 *
 * A serial that nobody registered is asked for each time, so that a meter counts from the moment it is registered.
 */
export function createMeterDirectory(db: Db): MeterDirectory {
  let remembered = new Map<string, number>();

  return {
    newest: createNewestTimes(),
    idsOf: async (serials) => {
      // Somebody may still be reading the old one.
      if (remembered.size > MAX_REMEMBERED) remembered = new Map();
      const ids = remembered;
      const missing = [...serials].filter((serial) => !ids.has(serial));
      const found = missing.length > 0 ? await findMeters(db, missing) : [];
      for (const { id, serial } of found) ids.set(serial, id);
      return ids;
    },
  };
}
