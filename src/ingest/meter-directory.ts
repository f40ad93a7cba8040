import { createNewestTimes, type NewestTimes } from '../db/arrange-readings.ts';
import { findMeters } from '../db/meters.ts';
import type { Db } from '../db/sql.ts';

/** What this process knows of the meters. */
export interface MeterDirectory {
  /** The ids of the meters that are on the books; the others are missing from the answer. */
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
  const remembered = new Map<string, number>();

  return {
    newest: createNewestTimes(),
    idsOf: async (serials) => {
      if (remembered.size > MAX_REMEMBERED) remembered.clear();
      const missing = [...serials].filter((serial) => !remembered.has(serial));
      const found = missing.length > 0 ? await findMeters(db, missing) : [];
      for (const { id, serial } of found) remembered.set(serial, id);
      const ids = new Map<string, number>();
      for (const serial of serials) {
        const id = remembered.get(serial);
        if (id !== undefined) ids.set(serial, id);
      }
      return ids;
    },
  };
}
