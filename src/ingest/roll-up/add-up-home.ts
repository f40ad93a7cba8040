import type { FloorRow, HomeDayRow, RolledUpHome } from '../../db/roll-up-days.ts';
import type { MeterToRollUp } from '../../db/roll-up-readings.ts';
import type { LocalCalendar } from '../../domain/local-calendar.ts';
import { type BoundMeter, type HomeDay, homeDays } from '../../domain/metering/home-day.ts';
import { type RegisterWalk, walkRegister } from '../../domain/metering/interval-consumption.ts';
import { litres } from '../../domain/metering/units.ts';
import { SECOND_MS } from '../../domain/time.ts';

/** A home whose days are to be added up from one of its days on. */
export interface HomeFrom extends RolledUpHome {
  readonly calendar: LocalCalendar;
}

/** The days of a home from its first wanted day on, and where each day leaves a register held back by backflow. */
export function addUpHome(
  { householdId, firstDate, since, calendar }: HomeFrom,
  meters: readonly MeterToRollUp[],
): { days: HomeDayRow[]; floors: FloorRow[] } {
  const walked = meters.map((meter) => ({ meter, walk: walkOf(meter) }));
  const bound = walked.map(({ meter, walk }) => boundMeter(meter, walk));
  return {
    days: homeDays(bound, calendar, firstDate).map((day) => rowOf(householdId, day)),
    floors: walked.flatMap(({ meter, walk }, i) =>
      floorsAtNight(walk, bound[i]?.readAtMs ?? [], calendar)
        .filter(({ readAtMs }) => readAtMs >= since.getTime())
        .map((floor) => ({ meterId: meter.meterId, householdId, ...floor })),
    ),
  };
}

function walkOf({ nominalIntervalS, registerCapacityL, floorL, readAtMs, indexL }: MeterToRollUp): RegisterWalk {
  const readings = readAtMs.map((atMs, i) => ({ readAtMs: atMs, indexLitres: litres(indexL[i] ?? 0) }));
  const traits = {
    nominalIntervalMs: nominalIntervalS * SECOND_MS,
    registerCapacityLitres: registerCapacityL === null ? undefined : litres(registerCapacityL),
  };
  return walkRegister(readings, traits, floorL ?? 0);
}

function boundMeter({ boundFrom, boundUntil, readAtMs }: MeterToRollUp, { intervals }: RegisterWalk): BoundMeter {
  return {
    boundFromMs: boundFrom.getTime(),
    boundUntilMs: boundUntil?.getTime() ?? Infinity,
    readAtMs: readAtMs.filter((atMs, i) => atMs !== readAtMs[i - 1]),
    intervals,
  };
}

/** The floors at the last reading of a day: from there the next day may be added up alone. */
function floorsAtNight({ heldBack }: RegisterWalk, readAtMs: readonly number[], calendar: LocalCalendar) {
  if (heldBack.length === 0) return [];
  const nextAtMs = new Map(readAtMs.map((atMs, i) => [atMs, readAtMs[i + 1]]));
  return heldBack.filter((held) => {
    const next = nextAtMs.get(held.readAtMs);
    return next === undefined || next >= calendar.dayAt(held.readAtMs).endMs;
  });
}

function rowOf(householdId: number, { day, knownMs, ...sums }: HomeDay): HomeDayRow {
  return {
    householdId,
    localDate: day.date,
    dayS: Math.round((day.endMs - day.startMs) / SECOND_MS),
    knownS: Math.floor(knownMs / SECOND_MS),
    ...sums,
  };
}
