import { closeQuietFaultTickets, openFaultTickets, openFlagTickets } from '../db/fault-tickets.ts';
import type { Db } from '../db/sql.ts';
import type { LoadedHome } from './load-homes.ts';
import { meterFaults } from './meter-faults.ts';

/** Opens and closes the tickets of what is wrong with meters and pipes of homes. Returns how many were opened. */
export async function reportFaults(db: Db, homes: readonly LoadedHome[], now: Date): Promise<number> {
  const householdIds = homes.map(({ householdId }) => householdId);
  const faults = homes.flatMap(({ householdId, series }) =>
    meterFaults(series).map((fault) => ({ ...fault, householdId })),
  );
  await closeQuietFaultTickets(db, householdIds, now);
  const seen = faults.length === 0 ? 0 : await openFaultTickets(db, faults, now);
  return seen + (await openFlagTickets(db, householdIds, now));
}
