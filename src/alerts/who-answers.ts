import { shiftsAbove } from '../db/duty-shifts.ts';
import { candidatesFor } from '../db/escalation-people.ts';
import { leavesAt, timeZoneOf } from '../db/leaves.ts';
import type { Tx } from '../db/sql.ts';
import { type DutyShift, onDuty } from '../domain/alerting/duty-rota.ts';
import { type Answerer, isWithinHours } from '../domain/alerting/reachable-hours.ts';
import { type Leave, standInFor } from '../domain/alerting/stand-ins.ts';
import { wallTimeAt } from '../domain/wall-time.ts';

/**
 * Everybody who may be asked about a home at `at`: its own people and the staff above it, whoever is on duty before the
 * other people of the desk (of the nearest level that has either), and for whoever is away their substitute, at whatever
 * hour. A desk whose people are all away and have nobody to stand in for them is asked all the same: an alert must not
 * end in silence.
 */
export async function whoAnswers(tx: Tx, householdId: number, at: Date): Promise<Answerer[]> {
  const candidates = await candidatesFor(tx, householdId);
  const shifts = await shiftsAbove(tx, householdId);
  const needsClock = shifts.length > 0 || candidates.some(({ fromMinute }) => fromMinute !== null);
  const wall = needsClock ? wallTimeAt(at, await timeZoneOf(tx, householdId)) : undefined;
  const people = candidates.map(({ personId, role, position, ...hours }): Answerer => ({
    personId,
    role,
    position,
    isInHours: wall === undefined || isWithinHours(hours, wall.minute),
  }));
  const deskAt = candidates.find(({ role }) => role === 'desk')?.distance ?? Infinity;
  const near = shifts.filter(({ distance }) => distance <= deskAt);
  const duty = wall ? nearestOnDuty(near, (ofLevel) => onDuty(ofLevel, wall)) : [];
  return withStandIns(dutyFirst(people, duty), await leavesAt(tx, at));
}

/** The people on duty of the nearest level where anybody is. */
function nearestOnDuty<Shift extends DutyShift & { distance: number }>(
  shifts: readonly Shift[],
  whoIsOn: (ofLevel: readonly Shift[]) => number[],
): number[] {
  const distances = [...new Set(shifts.map(({ distance }) => distance))].toSorted((a, b) => a - b);
  for (const distance of distances) {
    const found = whoIsOn(shifts.filter((shift) => shift.distance === distance));
    if (found.length > 0) return found;
  }
  return [];
}

function dutyFirst(people: readonly Answerer[], duty: readonly number[]): Answerer[] {
  if (duty.length === 0) return [...people];
  const staff = people.filter(({ role, personId }) => role === 'desk' && !duty.includes(personId));
  const desk = [...duty, ...staff.map(({ personId }) => personId)];
  return [
    ...people.filter(({ role }) => role !== 'desk'),
    ...desk.map((personId, i): Answerer => ({ personId, role: 'desk', position: i + 1, isInHours: true })),
  ];
}

function withStandIns(people: readonly Answerer[], leaves: readonly Leave[]): Answerer[] {
  if (leaves.length === 0) return [...people];
  const present = people.flatMap((candidate) => {
    const personId = standInFor(candidate.personId, leaves);
    if (personId === undefined) return [];
    return [personId === candidate.personId ? candidate : { ...candidate, personId, isInHours: true }];
  });
  const desk = people.filter(({ role }) => role === 'desk');
  return present.some(({ role }) => role === 'desk') ? present : [...present, ...desk];
}
