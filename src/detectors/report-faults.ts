import {
  closeEndedLeaks,
  closeQuietFaultTickets,
  metersWithLeak,
  openFaultTickets,
  openFlagTickets,
} from '../db/fault-tickets.ts';
import type { Db } from '../db/sql.ts';
import type { LoadedHome } from './load-homes.ts';
import { meterFaults, stopsOfMeters } from './meter-faults.ts';

/** Opens and closes the tickets of what is wrong with meters and pipes of homes. Returns how many were opened. */
export async function reportFaults(db: Db, homes: readonly LoadedHome[], now: Date): Promise<number> {
  const householdIds = homes.map(({ householdId }) => householdId);
  const faults = homes.flatMap(({ householdId, series }) =>
    meterFaults(series).map((fault) => ({ ...fault, householdId })),
  );
  const leaking = await metersWithLeak(db, householdIds);
  const stops = leaking.size === 0 ? [] : homes.flatMap(({ series }) => stopsOfMeters(series, leaking));
  if (stops.length > 0) await closeEndedLeaks(db, stops, now);
  await closeQuietFaultTickets(db, householdIds, now);
  const seen = faults.length === 0 ? 0 : await openFaultTickets(db, faults, now);
  return seen + (await openFlagTickets(db, householdIds, now));
}
