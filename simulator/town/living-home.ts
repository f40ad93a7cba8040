import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import type { Calendar } from '../calendar.ts';
import { habitualDraws } from '../habits/daily-draws.ts';
import type { FaultRates } from '../meter/faults.ts';
import { payloadOf } from '../meter/payload.ts';
import { type Exchange, registerOf } from '../meter/register.ts';
import { type Upload, uploadsOf } from '../meter/uploads.ts';
import { openLedger } from '../meter/water-ledger.ts';
import { randomStream, type RandomStream, type StreamName } from '../random.ts';
import { recordedDraws } from '../recorded/recorded-draws.ts';
import type { RealReadings } from '../recorded/real-readings.ts';
import type { Home } from './home.ts';
import { type HomeLife, lifeOf } from './home-life.ts';
import type { IncidentPlan } from './incident.ts';

/** A home with its people, its pipes and its meter at work. */
export interface LivingHome {
  readonly home: Home;
  readonly life: HomeLife;
  /** The messages about the readings of a day, in no particular order. */
  readonly uploadsOf: (day: number) => readonly Upload[];
  /** The JSON of a message, by what has happened in the home so far. */
  readonly payloadOf: (upload: Upload) => string;
  readonly resolve: (at: Date) => void;
}

/** What all homes of a town share. */
export interface Surroundings {
  readonly seed: StreamName;
  readonly calendar: Calendar;
  /** A full hour. */
  readonly startMs: number;
  readonly faults: FaultRates;
}

/** The dials of the town's meters start again at zero here: 10,000 cubic metres. */
export const REGISTER_CAPACITY_LITRES = 10_000_000;
const LARGEST_CLOCK_ERROR_MS = 5 * MINUTE_MS;

/** Brings a home to life: by a recording where there is one, or else by its habits. */
export function livingHome(
  { seed, calendar, startMs, faults }: Surroundings,
  home: Home,
  plans: readonly IncidentPlan[],
  recording: RealReadings | undefined,
): LivingHome {
  const names = [seed, home.meterSerial];
  const meter = randomStream(...names, 'meter');
  const life = lifeOf(plans);
  const drawsOf = recording
    ? recordedDraws(recording, calendar, calendar.dayOf(startMs))
    : habitualDraws(home.kind === 'recorded' ? 'family' : home.kind, calendar, names);
  const ledger = openLedger(calendar, startMs, drawsOf, life.isAnybodyHome);
  const firstIndex = meter.whole(REGISTER_CAPACITY_LITRES * 0.02, REGISTER_CAPACITY_LITRES * 0.8);
  const clockErrorMs = clockError(faults, meter);
  const register = registerOf(
    recording?.firstIndexLitres ?? firstIndex,
    (hourMs) => ledger.litresUntil(hourMs) + life.litresRunAway(hourMs),
    exchangeOf(faults, startMs, meter),
  );
  const readingAt = (hourMs: number) => ({
    at: new Date(hourMs + clockErrorMs).toISOString(),
    index_l: register(hourMs),
  });
  return {
    home,
    life,
    uploadsOf: uploadsOf(home.uploads, calendar, startMs, faults, names),
    payloadOf: ({ hoursMs, seq }) => payloadOf(hoursMs.map(readingAt), seq),
    resolve: (at) => {
      if (life.resolve(at).length > 0) ledger.reopen();
    },
  };
}

function clockError({ skewedClock }: FaultRates, meter: RandomStream): number {
  const errorMs = meter.whole(-LARGEST_CLOCK_ERROR_MS, LARGEST_CLOCK_ERROR_MS);
  return meter.chance(skewedClock) ? errorMs : 0;
}

/** A rate of a tenth in 30 days puts the exchange anywhere in the next 300. */
function exchangeOf({ exchanged }: FaultRates, startMs: number, meter: RandomStream): Exchange | undefined {
  const share = meter.fraction();
  const firstIndexLitres = meter.whole(0, 9);
  if (exchanged === 0) return undefined;
  const hours = Math.floor((share / exchanged) * ((30 * DAY_MS) / HOUR_MS)) + 1;
  return { atMs: startMs + hours * HOUR_MS, firstIndexLitres };
}
