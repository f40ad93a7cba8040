import type { Backlog } from '../../../db/installation.ts';
import { MINUTE_MS } from '../../../domain/time.ts';
import { type Check, fine, problem, warning } from './check.ts';

/** An installation at work sends and escalates within seconds, and within a minute when the queue was lost. */
const PATIENCE_MS = 2 * MINUTE_MS;

/** Whether the service keeps up with what is due at `at`. */
export function checkBacklog(waiting: Backlog, at: Date): readonly Check[] {
  return [
    checkDue('outbox', 'text', waiting.firstTextDueAt, at),
    checkDue('escalation', 'step', waiting.firstStepDueAt, at),
    checkUnwatched(waiting),
    checkQuarantine(waiting),
  ];
}

function checkDue(name: string, thing: string, dueAt: Date | null, at: Date): Check {
  const lateMs = dueAt === null ? 0 : at.getTime() - dueAt.getTime();
  if (lateMs <= PATIENCE_MS) return fine(name, 'nothing is late');
  const found = `a ${thing} has been due for ${Math.floor(lateMs / MINUTE_MS)} min`;
  return problem(name, found, 'is a process with the role notify running? see its log');
}

function checkUnwatched({ watchedHomes, unwatchedHomes }: Backlog): Check {
  const name = 'homes unwatched';
  if (unwatchedHomes === 0) return fine(name, 'none');
  const found = `${unwatchedHomes} of ${watchedHomes}: their readings do not tell whether water was used`;
  return warning(name, found, 'look at the tickets of silent meters, and at the broker if there are many');
}

function checkQuarantine({ quarantined }: Backlog): Check {
  const name = 'quarantine';
  if (quarantined === 0) return fine(name, 'empty');
  return warning(name, `${quarantined} message(s) could not be understood`, 'look at their reasons');
}
