import type { OpenTickets } from '../../../db/tickets.ts';
import { DAY_MS } from '../../../domain/time.ts';
import { type Check, fine, warning } from './check.ts';

/** Whoever looks after meters and pipes is given so long before the doctor speaks of it. */
const PATIENCE_DAYS = 7;

/** Whether tickets lie about. */
export function checkTickets(open: readonly OpenTickets[], at: Date): Check {
  const name = 'tickets';
  if (open.length === 0) return fine(name, 'none is open');
  const found = open.map(({ kind, count }) => `${count} ${kind}`).join(', ');
  const oldestMs = Math.max(...open.map(({ oldestAt }) => at.getTime() - oldestAt.getTime()));
  if (oldestMs <= PATIENCE_DAYS * DAY_MS) return fine(name, found);
  return warning(
    name,
    `${found}; the oldest is ${Math.floor(oldestMs / DAY_MS)} days old`,
    'see stillwater tickets, and close what is mended',
  );
}
