import { householdIdsByCode } from '../../db/town-outcomes.ts';
import { setAbsence } from '../../roster/set-absence.ts';
import type { PlayedTown } from '../played-town.ts';

/** Tells the service of the absences that the town's people announce, as an operator would who took their calls. */
export async function announceAbsences({ town, service, clock }: PlayedTown): Promise<void> {
  const ids = await householdIdsByCode(service.pool);
  for (const incident of town.truth()) {
    const householdId = ids.get(incident.homeCode);
    if (incident.kind !== 'away' || !incident.announced || householdId === undefined) continue;
    const { from: awayFrom, until: awayUntil } = incident;
    await setAbsence({ pool: service.pool, clock }, { householdId, awayFrom, awayUntil, source: 'operator' });
  }
}
