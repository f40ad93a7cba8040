import type { Role } from '../../src/domain/alerting/escalation-policy.ts';
import type { Method } from '../../src/domain/alerting/outcome.ts';
import { HOUR_MS, SECOND_MS } from '../../src/domain/time.ts';
import { calendarOf } from '../calendar.ts';
import { type FaultRates, NO_FAULTS } from '../meter/faults.ts';
import type { StreamName } from '../random.ts';
import type { RealReadings } from '../recorded/real-readings.ts';
import { rosterOf } from '../roster/roster.ts';
import { type RosterCsv, rosterCsv } from '../roster/roster-csv.ts';
import { type Home, homeOf, homesOf, RECORDED_HOME_NUMBER } from './home.ts';
import { type HomeCheck, homeCheck } from './home-check.ts';
import type { Incident, IncidentPlan } from './incident.ts';
import { type LivingHome, livingHome, REGISTER_CAPACITY_LITRES } from './living-home.ts';
import { type MeterMessage, messageStream } from './message-stream.ts';

export interface TownOptions {
  readonly seed: StreamName;
  /** How many homes live by habits: 0 to 9,000. */
  readonly homes: number;
  /** When the meters begin to count. Taken down to the full hour. */
  readonly startAt: Date;
  /** IANA; Asia/Shanghai when left out. */
  readonly timeZone?: string;
  readonly incidents?: readonly IncidentPlan[];
  /** None when left out. */
  readonly faults?: FaultRates;
  /** Share of meters that send a day's readings at once, 0 to 1; none when left out. */
  readonly dailyUploadShare?: number;
  /** Adds one more home, SW-9001, that lives by a recording. */
  readonly realHome?: RealReadings;
}

/** A town that lives by itself. The same options always give the same town, message for message. */
export interface Town {
  readonly startAt: Date;
  readonly timeZone: string;
  readonly homes: readonly Home[];
  /** What the meters send at or after `from` and before `to`, in the order of sending. Windows may come in any order. */
  readonly messagesBetween: (from: Date, to: Date) => Generator<MeterMessage>;
  /** Somebody was at the door: the person is helped, the tap closed, the pipe mended. Throws for an unknown home. */
  readonly resolve: (homeCode: string, at: Date) => void;
  /** What somebody who checks on the home at `at` has to tell. Throws for an unknown home. */
  readonly checkHome: (homeCode: string, method: Method, at: Date) => HomeCheck;
  /** Everything that went wrong so far or will, by home. */
  readonly truth: () => readonly Incident[];
  readonly rosterCsv: () => RosterCsv;
  /** In which capacity a phone is texted; undefined for a phone that nobody in the town has. */
  readonly roleOf: (phone: string) => Role | undefined;
}

const NOMINAL_INTERVAL_SECONDS = HOUR_MS / SECOND_MS;

/** Founds a town. Throws RangeError for an incident in a home that the town does not have. */
export function createTown(options: TownOptions): Town {
  const { timeZone = 'Asia/Shanghai', dailyUploadShare = 0, incidents = [], seed } = options;
  const startMs = Math.floor(options.startAt.getTime() / HOUR_MS) * HOUR_MS;
  const startAt = new Date(startMs);
  const calendar = calendarOf(timeZone);
  const numbered = homesOf(seed, options.homes, dailyUploadShare);
  const homes = options.realHome ? [...numbered, homeOf(seed, RECORDED_HOME_NUMBER, dailyUploadShare)] : numbered;

  const surroundings = { seed, calendar, startMs, faults: options.faults ?? NO_FAULTS };
  const living = homes.map((home) => {
    const plans = incidents.filter(({ homeCode }) => homeCode === home.code);
    return livingHome(surroundings, home, plans, home.kind === 'recorded' ? options.realHome : undefined);
  });
  const byCode = new Map(living.map((each) => [each.home.code, each]));
  incidents.forEach(({ homeCode }) => homeWith(byCode, homeCode));
  const roster = rosterOf(seed, homes);
  const roles = new Map(roster.people.map(({ phone, role }) => [phone, role]));

  return {
    startAt,
    timeZone,
    homes,
    messagesBetween: messageStream(living, calendar),
    resolve: (homeCode, at) => homeWith(byCode, homeCode).resolve(at),
    checkHome: (homeCode, method, at) =>
      homeCheck(homeWith(byCode, homeCode).life.foundAt(at.getTime()), method, at, calendar),
    truth: () => living.flatMap(({ life }) => life.incidents()),
    rosterCsv: () =>
      rosterCsv(roster, {
        timeZone,
        monitoredFrom: startAt,
        nominalIntervalSeconds: NOMINAL_INTERVAL_SECONDS,
        registerCapacityLitres: REGISTER_CAPACITY_LITRES,
      }),
    roleOf: (phone) => roles.get(phone),
  };
}

function homeWith(byCode: ReadonlyMap<string, LivingHome>, homeCode: string): LivingHome {
  const found = byCode.get(homeCode);
  if (!found) throw new RangeError(`the town has no home ${homeCode}`);
  return found;
}
