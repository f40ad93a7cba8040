import { HOUR_MS } from '../../src/domain/time.ts';
import { type Calendar, isWeekend } from '../calendar.ts';
import { type RandomStream, randomStream, type StreamName } from '../random.ts';
import type { Draw } from './draw.ts';
import { type HouseholdKind, type Routine, ROUTINES } from './routine.ts';
import { takeTurns } from './take-turns.ts';

/** Water at an hour of the wall clock. */
interface Turn {
  readonly hour: number;
  readonly litres: number;
}

/** What is so for one home on one day. */
interface Day {
  readonly routine: Routine;
  readonly chance: RandomStream;
  readonly wakesAt: number;
  readonly bedAt: number;
  readonly out: { readonly from: number; readonly until: number } | undefined;
  readonly cisternLitres: number;
}

const SHOWER_LITRES = { least: 25, most: 45 };
const LAUNDRY_FILL_LITRES = 20;
const LAUNDRY_FILLS = 3;

/**
 * The water of a home by its habits, as draws of any day.
 *
 * Every day has water after getting up and before going to bed, at least 6 L each, so that no 24 hours of a person at
 * home stay under 6 L. The first half hour of a day belongs to the day before and is dry.
 */
export function habitualDraws(
  kind: HouseholdKind,
  calendar: Calendar,
  names: readonly StreamName[],
): (day: number) => Draw[] {
  const own = randomStream(...names, 'habits');
  const cisternLitres = own.whole(4, 9);
  const lateBy = own.between(-0.75, 0.75);
  return (day) => {
    const midnightMs = calendar.midnightMs(day);
    const plan = planDay(ROUTINES[kind], day, lateBy, cisternLitres, randomStream(...names, 'day', day));
    const draws = turnsOf(plan).map(({ hour, litres }) => ({ atMs: midnightMs + Math.floor(hour * HOUR_MS), litres }));
    return takeTurns(draws, calendar.midnightMs(day + 1));
  };
}

function planDay(routine: Routine, day: number, lateBy: number, cisternLitres: number, chance: RandomStream): Day {
  const wakesAt = isWeekend(day) ? routine.wakesAtWeekend : routine.wakesAt;
  return {
    routine,
    chance,
    cisternLitres,
    wakesAt: wakesAt + lateBy + chance.between(-0.4, 0.4),
    bedAt: Math.min(23.5, routine.goesToBedAt + lateBy / 2 + chance.between(-0.4, 0.4)),
    out: isWeekend(day) ? undefined : routine.outOnWorkdays,
  };
}

function turnsOf(day: Day): Turn[] {
  return [
    ...nightVisits(day),
    ...gettingUp(day),
    ...meals(day),
    ...toiletVisits(day),
    ...showers(day),
    ...laundry(day),
    ...goingToBed(day),
  ];
}

function nightVisits({ routine, chance, cisternLitres }: Day): Turn[] {
  const visits = chance.whole(0, routine.nightVisits);
  return Array.from({ length: visits }, () => ({ hour: chance.between(0.5, 4.2), litres: cisternLitres + 1 }));
}

function gettingUp({ routine, chance, wakesAt, cisternLitres }: Day): Turn[] {
  return Array.from({ length: routine.people }, () => wakesAt + chance.between(0, 0.3)).flatMap((hour) => [
    { hour, litres: cisternLitres },
    { hour: hour + 0.1, litres: chance.whole(2, 4) },
    { hour: hour + 0.2, litres: chance.whole(1, 2) },
  ]);
}

function goingToBed({ routine, chance, bedAt, cisternLitres }: Day): Turn[] {
  return Array.from({ length: routine.people }, () => bedAt - chance.between(0.1, 0.4)).flatMap((hour) => [
    { hour, litres: cisternLitres },
    { hour: hour + 0.05, litres: chance.whole(3, 5) },
  ]);
}

/** Cooking before, washing up after. A meal that falls into hours out of the house is eaten elsewhere. */
function meals({ routine, chance, wakesAt, out }: Day): Turn[] {
  const helpings = 0.7 + routine.people * 0.3;
  return [wakesAt + 0.6, chance.between(11.2, 12), chance.between(17.5, 18.8)]
    .filter((hour) => !isOut(out, hour) && chance.chance(0.92))
    .flatMap((hour) => [
      { hour, litres: Math.round(chance.whole(2, 6) * helpings) },
      { hour: hour + 0.7, litres: Math.round(chance.whole(4, 9) * helpings) },
    ]);
}

function toiletVisits({ routine, chance, wakesAt, bedAt, out, cisternLitres }: Day): Turn[] {
  return Array.from({ length: routine.people * chance.whole(3, 5) }, () => chance.between(wakesAt + 1, bedAt - 0.5))
    .filter((hour) => !isOut(out, hour))
    .flatMap((hour) => [
      { hour, litres: cisternLitres },
      { hour: hour + 0.05, litres: 1 },
    ]);
}

function showers({ routine, chance, wakesAt, bedAt }: Day): Turn[] {
  const who = Array.from({ length: routine.people }, () => chance.chance(routine.showers)).filter(Boolean);
  return who.map(() => ({
    hour: chance.chance(0.3) ? wakesAt + chance.between(0.2, 0.6) : bedAt - chance.between(0.6, 2.5),
    litres: chance.whole(SHOWER_LITRES.least, SHOWER_LITRES.most),
  }));
}

function laundry({ routine, chance, wakesAt, out }: Day): Turn[] {
  if (!chance.chance(routine.laundry)) return [];
  const startsAt = (out ? 19 : wakesAt + 2.5) + chance.between(0, 1);
  return Array.from({ length: LAUNDRY_FILLS }, (_, fill) => ({
    hour: startsAt + fill * 0.4,
    litres: LAUNDRY_FILL_LITRES + chance.whole(0, 4),
  }));
}

function isOut(out: Day['out'], hour: number): boolean {
  return out !== undefined && hour >= out.from && hour < out.until;
}
