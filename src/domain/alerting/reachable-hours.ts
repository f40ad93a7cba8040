import type { Addressee, Role } from './escalation-policy.ts';

/** Between which minutes of the day, by the clock of a home, somebody can be asked about it; null at any hour. */
export interface ReachableHours {
  readonly fromMinute: number | null;
  /** Not later than `fromMinute`: into the next day. */
  readonly untilMinute: number | null;
}

/** Whether a time of the day, in minutes since midnight, lies in somebody's hours. */
export function isWithinHours({ fromMinute, untilMinute }: ReachableHours, minute: number): boolean {
  if (fromMinute === null || untilMinute === null) return true;
  return untilMinute > fromMinute
    ? minute >= fromMinute && minute < untilMinute
    : minute >= fromMinute || minute < untilMinute;
}

/** Somebody of a role, in their place in its order. */
export interface Answerer {
  readonly personId: number;
  readonly role: Role;
  readonly position: number;
  /** Whether they can be asked at this hour. */
  readonly isInHours: boolean;
}

/**
 * Whom of those of one role an addressee means at this hour.
 *
 * Outside of somebody's hours the next in order is asked whose hours they are and who has not been asked yet; whoever was asked so
 * in another's place makes room for the next when their own turn comes. Where all are in their hours, the order is that
 * of the policy, whoever was asked before.
 */
export function meantBy<Person extends Answerer>(
  { role, position }: Addressee,
  people: readonly Person[],
  wasAsked: (personId: number) => boolean,
): Person[] {
  const ofRole = people.filter((person) => person.role === role).toSorted((a, b) => a.position - b.position);
  if (position === 'all') return ofRole.filter(({ isInHours }) => isInHours);
  const named = ofRole.find((person) => person.position === position);
  if (!named || ofRole.every(({ isInHours }) => isInHours)) return named ? [named] : [];
  const inOrder = ofRole.filter((person) => person.position >= position && person.isInHours);
  const next = inOrder.find(({ personId }) => !wasAsked(personId)) ?? inOrder.at(0);
  return next ? [next] : [];
}
