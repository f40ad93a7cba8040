import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { midnightBefore } from '../calendar.ts';
import { type FaultRates, NO_FAULTS } from '../meter/faults.ts';
import { randomStream, type RandomStream, type StreamName } from '../random.ts';
import { ampds2Home } from '../recorded/ampds2.ts';
import { type Home, homesOf } from '../town/home.ts';
import type { IncidentPlan } from '../town/incident.ts';
import { createTown, type Town } from '../town/town.ts';

export interface DemoTown {
  readonly town: Town;
  /** The midnight with which the played day begins; the town's history ends here. */
  readonly dayBeginsAt: Date;
}

const HOMES = 60;
const HISTORY_DAYS = 30;
const TIME_ZONE = 'Asia/Shanghai';
const DAILY_UPLOAD_SHARE = 0.1;

/** Lateness stays short enough that a meter which sends once a day is never taken for a silent one. */
const MILD_FAULTS: FaultRates = {
  ...NO_FAULTS,
  late: 0.004,
  lateByHours: 1.5,
  repeated: 0.01,
  outOfOrder: 0.004,
  lost: 0.002,
};

/**
 * The town of the demonstration: 60 homes and a real one, 30 quiet days, then a day on which three things happen.
 *
 * One person stopped using water on the evening before the day, one tap is left running on its morning, and one meter
 * fell silent shortly before it began. The day is the one that `startAt` lies in; play at least 30 hours of it.
 */
export function demoTown(seed: StreamName, startAt: Date): DemoTown {
  const dayBeginsAt = midnightBefore(startAt, TIME_ZONE);
  const town = createTown({
    seed,
    homes: HOMES,
    startAt: new Date(dayBeginsAt.getTime() - HISTORY_DAYS * DAY_MS),
    timeZone: TIME_ZONE,
    incidents: incidentsOfTheDay(seed, dayBeginsAt.getTime()),
    faults: MILD_FAULTS,
    dailyUploadShare: DAILY_UPLOAD_SHARE,
    realHome: ampds2Home(),
  });
  return { town, dayBeginsAt };
}

/** Each happens to somebody who lives alone, and whose meter sends every hour, so that the day is long enough to see it. */
function incidentsOfTheDay(seed: StreamName, dayBeginsMs: number): IncidentPlan[] {
  const chance = randomStream(seed, 'demonstration');
  const homes = homesOf(seed, HOMES, DAILY_UPLOAD_SHARE).filter(
    ({ kind, uploads }) => uploads === 'hourly' && (kind === 'early_riser' || kind === 'worker'),
  );
  return [
    { kind: 'stops', homeCode: take(homes, chance).code, from: new Date(dayBeginsMs - 4.5 * HOUR_MS) },
    {
      kind: 'tap_left_running',
      homeCode: take(homes, chance).code,
      from: new Date(dayBeginsMs + 7 * HOUR_MS + 40 * MINUTE_MS),
      litresPerHour: 240,
    },
    { kind: 'meter_silent', homeCode: take(homes, chance).code, from: new Date(dayBeginsMs - 1.5 * HOUR_MS) },
  ];
}

/** Takes one out, so that no home has two troubles. */
function take(homes: Home[], chance: RandomStream): Home {
  const home = chance.pick(homes);
  homes.splice(homes.indexOf(home), 1);
  return home;
}
