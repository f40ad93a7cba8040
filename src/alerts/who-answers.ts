import { type ShiftAbove, shiftsAbove } from '../db/duty-shifts.ts';
import { type Candidate, candidatesForHomes } from '../db/escalation-people.ts';
import { groupByHome } from '../db/group-by-home.ts';
import { leavesAt, timeZonesOf } from '../db/leaves.ts';
import type { Tx } from '../db/sql.ts';
import { type DutyShift, onDuty } from '../domain/alerting/duty-rota.ts';
import { type Answerer, isWithinHours } from '../domain/alerting/reachable-hours.ts';
import { type Leave, standInFor } from '../domain/alerting/stand-ins.ts';
import { type WallTime, wallTimeAt } from '../domain/wall-time.ts';

/**
 * Everybody who may be asked about each of some homes at `at`: its own people and the staff above it, whoever is on duty
 * before the other people of the desk (of the nearest level that has either), and for whoever is away their substitute,
 * at whatever hour. A desk whose people are all away and have nobody to stand in for them is asked all the same: an alert
 * must not end in silence. Every home has an entry.
 */
export async function whoAnswersAtHomes(
  tx: Tx,
  householdIds: readonly number[],
  at: Date,
): Promise<ReadonlyMap<number, readonly Answerer[]>> {
  const candidates = await candidatesForHomes(tx, householdIds);
  const shifts = groupByHome(await shiftsAbove(tx, householdIds));
  const needClock = householdIds.filter(
    (id) => shifts.has(id) || candidates.get(id)?.some(({ fromMinute }) => fromMinute !== null),
  );
  const zones = needClock.length === 0 ? new Map<number, string>() : await timeZonesOf(tx, needClock);
  const leaves = await leavesAt(tx, at);
  return new Map(
    [...candidates].map(([householdId, ofHome]) => {
      const zone = zones.get(householdId);
      const wall = zone === undefined ? undefined : wallTimeAt(at, zone);
      const duty = wall ? dutyOf(ofHome, shifts.get(householdId) ?? [], wall) : [];
      return [householdId, withStandIns(dutyFirst(ofHome.map(answererAt(wall)), duty), leaves)];
    }),
  );
}

/** The same for one home. */
export async function whoAnswers(tx: Tx, householdId: number, at: Date): Promise<readonly Answerer[]> {
  return (await whoAnswersAtHomes(tx, [householdId], at)).get(householdId) ?? [];
}

function answererAt(wall: WallTime | undefined): (candidate: Candidate) => Answerer {
  return ({ personId, role, position, ...hours }) => ({
    personId,
    role,
    position,
    isInHours: wall === undefined || isWithinHours(hours, wall.minute),
  });
}

function dutyOf(people: readonly Candidate[], shifts: readonly ShiftAbove[], wall: WallTime): readonly number[] {
  const deskAt = people.find(({ role }) => role === 'desk')?.distance ?? Infinity;
  const near = shifts.filter(({ distance }) => distance <= deskAt);
  return nearestOnDuty(near, (ofLevel) => onDuty(ofLevel, wall));
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
