import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { closeMovedRegisters, openFaultTickets, type SeenFault } from '../db/fault-tickets.ts';
import { clockFacts, stillRegisters } from '../db/meter-survey.ts';
import { type DbPool, inTransaction } from '../db/sql.ts';
import { clocksOff } from '../domain/metering/clock-off.ts';
import { DAY_MS } from '../domain/time.ts';

const STILL_DAYS = 7;

/**
 * Looks at all meters together, for what no single upload tells: a clock that is off by ten minutes, and a register that
 * has stood still for seven days while its meter reports. Returns how many tickets are new.
 */
export async function surveyMeters({
  pool,
  clock,
  log,
}: {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<number> {
  const at = clock.now();
  const dayAgo = new Date(at.getTime() - DAY_MS);
  const facts = await clockFacts(pool, at);
  const homeOf = new Map(facts.map(({ meterId, householdId }) => [meterId, householdId]));
  const off = clocksOff(facts).flatMap(({ meterId, aheadMinutes: figure }): SeenFault[] => {
    const householdId = homeOf.get(meterId);
    const evidence = { figure, sinceMs: dayAgo.getTime(), asOfMs: at.getTime() };
    return householdId === undefined ? [] : [{ meterId, householdId, kind: 'clock_off', evidence }];
  });
  const still = (await stillRegisters(pool, { at, days: STILL_DAYS, heardSince: dayAgo })).map(
    ({ meterId, householdId, ...evidence }): SeenFault => ({ meterId, householdId, kind: 'stuck_at_zero', evidence }),
  );
  const opened = await inTransaction(pool, async (tx) => {
    await closeMovedRegisters(tx, at);
    return openFaultTickets(tx, [...off, ...still], at);
  });
  if (opened > 0) log.info({ tickets: opened }, 'tickets for clocks and registers were opened: see stillwater tickets');
  return opened;
}
