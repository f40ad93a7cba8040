import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { midnightBefore } from '../calendar.ts';
import type { FaultRates } from '../meter/faults.ts';
import { randomStream, type RandomStream, type StreamName } from '../random.ts';
import { homesOf } from '../town/home.ts';
import type { RealReadings } from '../recorded/real-readings.ts';
import type { IncidentPlan } from '../town/incident.ts';
import { createTown, type Town } from '../town/town.ts';

const TIME_ZONE = 'Asia/Shanghai';
const DAILY_UPLOAD_SHARE = 0.2;
/** The first days are left alone, so that every detector has seen ordinary life, and the last, so that all is seen. */
const QUIET_START_DAYS = 3;
const EVENTFUL_DAYS = 24;

const ORDINARY_FAULTS: FaultRates = {
  late: 0.01,
  lateByHours: 20,
  repeated: 0.02,
  outOfOrder: 0.01,
  lost: 0.01,
  exchanged: 0.005,
  skewedClock: 0.02,
};

/** How many homes of a hundred each incident comes to in a month; no home has two. */
const PER_HUNDRED_HOMES = {
  stops: 1,
  tap_left_running: 2,
  leak: 2,
  away_unannounced: 2,
  away_announced: 3,
  meter_silent: 1,
} as const;

type MonthlyIncident = keyof typeof PER_HUNDRED_HOMES;

/**
 * A town for a month of 30 days from the midnight at or before `startAt`, with troubles as often as a city has them.
 * With `realHome`, one more home lives by that recording.
 */
export function monthTown(seed: StreamName, homes: number, startAt: Date, realHome?: RealReadings): Town {
  const monthBeginsAt = midnightBefore(startAt, TIME_ZONE);
  const incidents = homesOf(seed, homes, DAILY_UPLOAD_SHARE).flatMap(({ code, number }) =>
    incidentOf(code, randomStream(seed, 'month', number), monthBeginsAt.getTime()),
  );
  return createTown({
    seed,
    homes,
    startAt: monthBeginsAt,
    timeZone: TIME_ZONE,
    incidents,
    faults: ORDINARY_FAULTS,
    dailyUploadShare: DAILY_UPLOAD_SHARE,
    ...(realHome ? { realHome } : {}),
  });
}

function incidentOf(homeCode: string, chance: RandomStream, monthBeginsMs: number): IncidentPlan[] {
  const kind = drawKind(chance.between(0, 100));
  const day = QUIET_START_DAYS + chance.whole(0, EVENTFUL_DAYS - 1);
  const from = new Date(monthBeginsMs + day * DAY_MS + Math.floor(chance.between(6, 22) * HOUR_MS));
  return kind ? [planOf(kind, homeCode, from, chance)] : [];
}

function drawKind(outOfHundred: number): MonthlyIncident | undefined {
  let reached = 0;
  for (const [kind, share] of Object.entries(PER_HUNDRED_HOMES)) {
    reached += share;
    if (outOfHundred < reached) return kind as MonthlyIncident;
  }
  return undefined;
}

function planOf(kind: MonthlyIncident, homeCode: string, from: Date, chance: RandomStream): IncidentPlan {
  switch (kind) {
    case 'stops':
    case 'meter_silent':
      return { kind, homeCode, from };
    case 'tap_left_running':
      return { kind, homeCode, from, litresPerHour: chance.whole(120, 600) };
    case 'leak':
      return { kind, homeCode, from, litresPerHour: chance.whole(1, 4) };
    case 'away_unannounced':
    case 'away_announced': {
      const until = new Date(from.getTime() + Math.floor(chance.between(1.6, 6) * DAY_MS));
      return { kind: 'away', homeCode, from, until, announced: kind === 'away_announced' };
    }
  }
}
